"""The tests of Servanda; each folder mirrors a room of the project."""
