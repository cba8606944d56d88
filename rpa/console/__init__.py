"""The console: the web application for signers, reviewers and supervisors."""
