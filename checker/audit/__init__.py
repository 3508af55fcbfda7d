"""An audit: contracts found by name, tickets put under their agreements, every clause judged; and the contracts' own cases."""
