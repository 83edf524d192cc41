"""What every answer is made with: requests decoded, formats and languages chosen, failures told."""
