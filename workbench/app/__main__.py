"""python -m workbench.app [--port N] [--host ADDRESS] [--share yes|no] [--public]"""

import argparse
import ipaddress
import os
from collections.abc import Sequence

FIRST_PORT = 7860


def main(argv: Sequence[str] | None = None) -> None:
    """Start the app and stay until it is stopped."""
    options = parse(argv)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # photos of people stay on this machine
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from workbench.app.layout import build, looks
    from workbench.threads import limit_threads

    try:
        limit_threads()
        page = build(loopback=is_private(options))
    except ValueError as error:  # a body file that cannot be used, a number of threads that is none
        raise SystemExit(f"error: {error}") from error
    try:
        page.launch(
            server_name=options.host,
            server_port=options.port,
            share=options.share == "yes",
            max_file_size="40mb",
            run_history=False,
            enable_monitoring=False,
            footer_links=["api"],
            **looks(),
        )
    except OSError as error:  # Gradio's text names the port
        raise SystemExit(f"error: {error} Or name another one: --port N") from error


def is_private(options: argparse.Namespace) -> bool:
    """Whether all visitors are on this machine. A proxy on it looks the same, so --public can say no."""
    return is_loopback(options.host) and options.share == "no" and not options.public


def is_loopback(host: str) -> bool:
    """Whether nobody outside can reach an address. Not known on a Space, which stands behind a proxy."""
    if "SPACE_ID" in os.environ:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    port = os.environ.get("GRADIO_SERVER_PORT") or os.environ.get("PORT")
    parser = argparse.ArgumentParser(prog="python -m workbench.app", description="Start the HMR Workbench.")
    parser.add_argument(
        "--port", type=int, default=int(port) if port else None, help=f"default: from {FIRST_PORT} on"
    )
    parser.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"))
    parser.add_argument(
        "--share", choices=("yes", "no"), default="no", help="a public link through gradio.live"
    )
    parser.add_argument(
        "--public",
        action="store_true",
        help="visitors are elsewhere, e.g. behind a proxy on this machine: licensed bodies are not sent",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
