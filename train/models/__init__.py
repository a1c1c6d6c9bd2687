"""Models by name: folders, names on the Hugging Face Hub, and those that need no download from it."""
