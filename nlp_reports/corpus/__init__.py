"""The corpus: its notation, its records, and what can be done with them."""
