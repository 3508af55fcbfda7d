"""The review of two variants of a contract: one page for the negotiating table, in English and Polish, with the proof of each change."""
