"""The REST API for programs, below /api/v1/: reading what is here, and bringing in messages. Deciding takes a person at the desk."""
