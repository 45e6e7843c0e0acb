"""What keeps open pages up to date: one poller, a socket for each tab."""
