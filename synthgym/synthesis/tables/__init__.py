"""Tables in files of any format, read without running anything of theirs."""
