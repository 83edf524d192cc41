"""The description of all addresses for programs (OpenAPI 3.1)."""
