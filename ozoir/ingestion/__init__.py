"""A partner's file becomes checked facts and findings."""
