"""From pages to typed, checked field values, each with a confidence."""
