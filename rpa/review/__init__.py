"""What a person is asked, and what comes back."""
