"""How many read each feed, learned from what polls it: no address, and nothing made of one, is ever kept."""
