"""The pages: everything that people see in a browser, rendered on the server."""
