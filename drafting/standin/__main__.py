"""`python -m drafting.standin --port N`: the stand-in model without Django."""

import argparse

from drafting.standin.server import serve

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m drafting.standin", description="The stand-in model behind an OpenAI-compatible server."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    serve(host=options.host, port=options.port)
