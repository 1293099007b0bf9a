from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

_Progress = Callable[[float, float, str], bool | None] | None

methods: tuple[str, ...]
inits: tuple[str, ...]
metrics: tuple[str, ...]

class Dissimilarity:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    @staticmethod
    def view(D: Any, options: dict[str, Any]) -> Dissimilarity: ...
    @staticmethod
    def packed(D: Any, options: dict[str, Any], progress: _Progress) -> Dissimilarity: ...
    @staticmethod
    def sparse(
        starts: npt.NDArray[np.int64],
        columns: npt.NDArray[np.int64],
        values: Any,
        n: int,
        options: dict[str, Any],
        progress: _Progress,
    ) -> Dissimilarity: ...
    @staticmethod
    def points(
        X: npt.NDArray[np.float64], metric: str, options: dict[str, Any], progress: _Progress
    ) -> Dissimilarity: ...
    @staticmethod
    def table(
        names: list[str],
        types: list[str],
        columns: list[npt.NDArray[np.float64]],
        ranges: list[float],
        options: dict[str, Any],
        progress: _Progress,
    ) -> Dissimilarity: ...
    @staticmethod
    def strings(
        strings: list[str], normalised: bool, options: dict[str, Any], progress: _Progress
    ) -> Dissimilarity: ...
    @staticmethod
    def callback(
        function: Callable[[int, int], float], n: int, options: dict[str, Any], progress: _Progress
    ) -> Dissimilarity: ...
    @property
    def size(self) -> int: ...
    @property
    def symmetric(self) -> bool: ...
    @property
    def integers(self) -> bool: ...
    @property
    def dense(self) -> bool: ...
    @property
    def infinite_replaced(self) -> int: ...
    def at(self, object: int, candidate: int) -> float: ...
    def row(self, candidate: int, begin: int = 0) -> npt.NDArray[np.float64]: ...
    def __len__(self) -> int: ...

def cluster(
    data: Dissimilarity, k: int, options: dict[str, Any], progress: _Progress
) -> dict[str, Any]: ...
def lower_bound(
    data: Dissimilarity, k: int, options: dict[str, Any], progress: _Progress
) -> dict[str, Any]: ...
def dynmsc(
    data: Dissimilarity, k_min: int, k_max: int, options: dict[str, Any], progress: _Progress
) -> dict[str, Any]: ...
def cluster_range(
    data: Dissimilarity, k_min: int, k_max: int, criterion: str, options: dict[str, Any], progress: _Progress
) -> dict[str, Any]: ...
def verify(
    data: Dissimilarity, result: Any, weights: npt.NDArray[np.float64] | None, progress: _Progress
) -> dict[str, Any]: ...
def silhouette(
    data: Dissimilarity, labels: npt.NDArray[np.int32], threads: int
) -> npt.NDArray[np.float64]: ...
