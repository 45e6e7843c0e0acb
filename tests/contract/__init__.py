"""What a real Stash answers, question by question. To add a line, see `line.Line`."""
