"""A text tried as the team's file before there is one."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp

from trackersync.config.load import load_config
from trackersync.config.loaded import Config
from trackersync.errors import ConfigError
from trackersync.registry import Registry


def tried(text: str, file: Path) -> Config:
    """What the text means as this file, which is left as it is; raises as `load_config` does."""
    # What the file names is found from the folder that it is in.
    handle, name = mkstemp(prefix=f".{file.stem}-", suffix=".yaml", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        return load_config(Path(name), Registry())
    except ConfigError as error:
        raise ConfigError(error.problems, file=str(file), hint=error.hint) from error
    finally:
        Path(name).unlink()
