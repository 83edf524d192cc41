"""The server around the application: what takes in requests, keeps answers and sends them."""
