"""What machines and the page of workers ask: who works, is all well, figures."""
