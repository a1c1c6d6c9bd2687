"""What MLGym's tasks need of the Hugging Face Hub, from this machine's cache."""
