"""Shapes are learnt by one thread at a time: two that learn the same at once take the process down."""

import subprocess
import sys

PROGRAM = """
import sys
from threading import Barrier, Thread
from typing import Any
import msgspec
from trackersync.transport.shapes import decoder

def fresh():
    class Leaf(msgspec.Struct):
        x: "int | None" = None
        y: "dict[str, Any] | None" = None
    class Node(msgspec.Struct):
        a: "Leaf"
        b: "list[Leaf]"
        c: "Leaf | None" = None
    Node.__module__ = Leaf.__module__ = "shapes"
    sys.modules["shapes"] = type(sys)("shapes")
    vars(sys.modules["shapes"]).update(Leaf=Leaf, Node=Node, Any=Any)
    return Node

def learn(shape, barrier):
    barrier.wait()
    decoder(shape).decode(b'{"a": {}, "b": [{"x": 1}]}')

sys.setswitchinterval(1e-6)
for _ in range(300):
    shape, barrier = fresh(), Barrier(8)
    threads = [Thread(target=learn, args=(shape, barrier)) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""


def test_many_threads_may_be_the_first_to_decode_a_shape():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
