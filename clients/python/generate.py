#!/usr/bin/env python3
"""Makes src/taskres/v1 of the protos, with protoc and grpc_python_plugin (Debian: protobuf-compiler, protobuf-compiler-grpc, libprotobuf-dev)."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROTOS = HERE.parent.parent / "protos"
OUT = HERE / "src"

# How a call looks as JSON over HTTP is nothing to a gRPC client, and google/api/annotations.proto would be registered in the one
# pool that all packages of a Python process share.
HTTP_ROUTES = re.compile(r'import "google/api/annotations\.proto";|option \(google\.api\.http\) = \{(?:"[^"]*"|[^"}])*\};')


def main() -> None:
    plugin = shutil.which("grpc_python_plugin")
    if plugin is None or shutil.which("protoc") is None:
        raise SystemExit("protoc and grpc_python_plugin are needed: apt-get install protobuf-compiler protobuf-compiler-grpc libprotobuf-dev")
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        services = [lay(proto, PROTOS, workspace) for proto in sorted((PROTOS / "taskres" / "v1").glob("*.proto"))]
        details = lay(HERE / "protos" / "taskres" / "details.proto", HERE / "protos", workspace)
        shutil.rmtree(OUT / "taskres" / "v1", ignore_errors=True)
        protoc(workspace, f"--python_out={OUT}", f"--pyi_out={OUT}", *services, details)
        protoc(workspace, f"--plugin=protoc-gen-grpc={plugin}", f"--grpc_out={OUT}", *services)
    (OUT / "taskres" / "v1" / "__init__.py").write_text('"""The messages and stubs of the API, generated."""\n', encoding="utf-8")


def lay(proto: Path, root: Path, workspace: Path) -> str:
    """Copies a proto without its HTTP routes; its path for protoc."""
    target = workspace / proto.relative_to(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(HTTP_ROUTES.sub("", proto.read_text(encoding="utf-8")), encoding="utf-8")
    return str(target)


def protoc(workspace: Path, *arguments: str) -> None:
    subprocess.run(["protoc", f"-I{workspace}", *arguments], check=True)


if __name__ == "__main__":
    main()
