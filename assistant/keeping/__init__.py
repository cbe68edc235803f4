"""Conversations and saved answers, across restarts."""
