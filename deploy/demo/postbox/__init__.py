"""The demo customers' mail program in the browser: a page of its own process, with no access to the product or its database."""
