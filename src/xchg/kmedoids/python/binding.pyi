from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

def cluster(
    data: Any,
    k: int,
    *,
    metric: str,
    method: str,
    init: str,
    medoids: Sequence[int] | None,
    weights: npt.NDArray[np.float64] | None,
    seed: int,
    restarts: int,
    max_rounds: int,
    shuffle: bool,
    orientation: str,
    zero_diagonal: bool,
    threads: int,
    isa: str,
    memory_budget_bytes: int,
    time_limit_seconds: float,
    progress: Callable[[float, float, str], bool | None] | None,
) -> dict[str, Any]: ...
def silhouette(
    data: Any,
    labels: npt.NDArray[np.int32],
    *,
    metric: str,
    orientation: str,
    zero_diagonal: bool,
    threads: int,
) -> npt.NDArray[np.float64]: ...
