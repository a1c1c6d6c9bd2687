"""Files and folders: where they are kept, and how they are written whole, locked and read without surprises."""
