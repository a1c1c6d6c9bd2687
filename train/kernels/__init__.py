"""Parts of a language model that are slow on a CPU as torch puts them together, written for training there."""
