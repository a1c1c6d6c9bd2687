"""Students on the Hugging Face Hub: what is pushed of a training, and the card that says how it was made."""
