"""What is decided, pure: no database, clock or web. Read these first."""
