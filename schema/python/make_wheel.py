#!/usr/bin/env python3
"""Builds the wheel from target/package, with nothing but the standard library; the same files give the same bytes.

    make_wheel.py [FOLDER]      default: target

It is also the build backend that pyproject.toml names, so "pip install ./schema/python" does the same.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "target" / "package"
# The earliest moment that a zip file knows.
MOMENT = (1980, 1, 1, 0, 0, 0)


def version() -> str:
    """That of the project, as Python writes it."""
    pom = (HERE.parent.parent / "pom.xml").read_text(encoding="utf-8")
    found = re.search(r"<artifactId>state-parent</artifactId>\s*<version>([^<]+)</version>", pom)
    if found is None:
        raise SystemExit("make_wheel.py: the root pom.xml does not say the version")
    return found[1].replace("-SNAPSHOT", ".dev0")


def metadata(project: dict[str, object]) -> str:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {version()}",
        f"Summary: {project['description']}",
        "License: MIT",
        f"Requires-Python: {project['requires-python']}",
    ]
    dependencies = project["dependencies"]
    assert isinstance(dependencies, list)
    lines += [f"Requires-Dist: {dependency}" for dependency in dependencies]
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    for extra, needed in extras.items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {dependency}; extra == "{extra}"' for dependency in needed]
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", readme])


def build(folder: Path) -> Path:
    """Writes the wheel into this folder."""
    generated = PACKAGE / "tatbot_state" / "models.py"
    newer = [
        source
        for kind in ("models", "events", "keys", "channels", "types")
        for source in (HERE.parent / kind).glob("*.json")
        if generated.is_file() and source.stat().st_mtime > generated.stat().st_mtime
    ]
    if newer:
        raise SystemExit(
            f"make_wheel.py: {newer[0]} is newer than what was generated. Run, in the project's folder:  "
            "mvn -pl schema/python -am -DskipTests package"
        )
    if not (PACKAGE / "tatbot_state" / "models.py").is_file():
        raise SystemExit(
            "make_wheel.py: the package is not generated yet. Run, in the project's folder:  "
            "mvn -pl schema/python -am -DskipTests package"
        )
    with open(HERE / "pyproject.toml", "rb") as file:
        project = tomllib.load(file)["project"]
    name = project["name"].replace("-", "_")
    info = f"{name}-{version()}.dist-info"
    files = {
        str(file.relative_to(PACKAGE)): file.read_bytes()
        for file in sorted(PACKAGE.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    files[f"{info}/METADATA"] = metadata(project).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: tatbot-state\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/LICENSE"] = (HERE.parent.parent / "LICENSE").read_bytes()
    record = "".join(
        f"{each},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for each, data in files.items()
    )
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version()}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        for each, data in files.items():
            entry = zipfile.ZipInfo(each, MOMENT)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
    return wheel


def get_requires_for_build_wheel(config_settings: object = None) -> list[str]:
    return []


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    return build(Path(wheel_directory)).name


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    raise SystemExit("make_wheel.py: there is no source distribution; the sources are the project's")


if __name__ == "__main__":
    print(build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "target"))
