"""The Hugging Face Hub: collections pushed and pulled, and what it knows of data sets."""
