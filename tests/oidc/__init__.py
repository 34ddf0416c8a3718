"""The sign-in against npm's oidc-provider: slow, and so apart from the suite."""
