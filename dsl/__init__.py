"""The contract language: text to checked contract. Knows nothing of how tickets are stored."""
