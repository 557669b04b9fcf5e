"""Assignments: release them, mark what comes back in a sandbox, and export the grades."""
