"""What episodes leave behind: records, the store that keeps them, and what they are exported as."""
