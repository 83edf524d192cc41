"""What pages are put together from: terms, tables, evidence."""
