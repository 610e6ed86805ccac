#!/usr/bin/env python3
"""Measures a GPU for memwall: prefill over context length, decode over batch and context, copies of KV-sized buffers.

Random weights in the shapes of a model's layers; a few layers are measured and scaled to all. Needs PyTorch 2.5 or later
and nothing else. Writes a CSV that `memwall predict --points FILE` reads. See tools/README.md.
"""

import argparse
import csv
import statistics
import sys
import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch.nn.attention.bias import causal_lower_right


@dataclass(frozen=True)
class Shape:
    """Sizes of a dense decoder with grouped-query attention and SwiGLU."""

    layers: int
    d_model: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocabulary: int

    def split(self, gpus: int) -> "Shape":
        """What one GPU of a tensor-parallel group holds; KV heads beyond one a GPU are held by several."""
        if self.heads % gpus != 0 or self.ffn % gpus != 0:
            raise SystemExit(f"--tp {gpus} divides neither heads nor ffn of this model")
        return Shape(
            self.layers,
            self.d_model,
            self.heads // gpus,
            max(1, self.kv_heads // gpus),
            self.head_dim,
            self.ffn // gpus,
            self.vocabulary // gpus,
        )

    @property
    def kv_numbers_per_token(self) -> int:
        return 2 * self.layers * self.kv_heads * self.head_dim


MODELS = {
    "llama-3.1-8b": Shape(32, 4096, 32, 8, 128, 14336, 128256),
    "llama-3.1-70b": Shape(80, 8192, 64, 8, 128, 28672, 128256),
    "llama-3.1-405b": Shape(126, 16384, 128, 8, 128, 53248, 128256),
    "qwen3-32b": Shape(64, 5120, 64, 8, 128, 25600, 151936),
}
TINY = Shape(2, 64, 4, 2, 16, 96, 128)


class Layer:
    """One layer with weights of its own. Norms and activations are there, rotary embedding is not: engines fuse it."""

    def __init__(self, shape: Shape, device: torch.device, dtype: torch.dtype, generator: torch.Generator):
        def weight(rows: int, columns: int) -> torch.Tensor:
            drawn = torch.randn(rows, columns, generator=generator, device=device, dtype=torch.float32)
            return (drawn * columns**-0.5).to(dtype)

        self.shape = shape
        self.query_width = shape.heads * shape.head_dim
        self.kv_width = shape.kv_heads * shape.head_dim
        self.qkv = weight(self.query_width + 2 * self.kv_width, shape.d_model)
        self.out = weight(shape.d_model, self.query_width)
        self.gate_up = weight(2 * shape.ffn, shape.d_model)
        self.down = weight(shape.d_model, shape.ffn)
        self.attention_norm = torch.ones(shape.d_model, device=device, dtype=dtype)
        self.ffn_norm = torch.ones(shape.d_model, device=device, dtype=dtype)

    def project(self, x: torch.Tensor):
        """x is batch × tokens × d_model; returns queries, keys and values as batch × heads × tokens × head dim."""
        batch, tokens, width = x.shape
        normed = F.rms_norm(x, (width,), self.attention_norm)
        query, key, value = F.linear(normed, self.qkv).split((self.query_width, self.kv_width, self.kv_width), dim=-1)
        head_dim = self.shape.head_dim
        return tuple(part.view(batch, tokens, -1, head_dim).transpose(1, 2) for part in (query, key, value))

    def finish(self, x: torch.Tensor, attended: torch.Tensor) -> torch.Tensor:
        batch, tokens, width = x.shape
        x = x + F.linear(attended.transpose(1, 2).reshape(batch, tokens, self.query_width), self.out)
        gate, up = F.linear(F.rms_norm(x, (width,), self.ffn_norm), self.gate_up).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * up, self.down)


class KvCache:
    """Keys and values of the measured layers, batch × kv heads × tokens × head dim each."""

    def __init__(self, layers: int, batch: int, tokens: int, shape: Shape, device: torch.device, dtype: torch.dtype):
        size = (batch, shape.kv_heads, tokens, shape.head_dim)
        self.keys = [torch.randn(size, device=device, dtype=dtype) for _ in range(layers)]
        self.values = [torch.randn(size, device=device, dtype=dtype) for _ in range(layers)]


def attend(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Causal attention of the last query tokens over all keys."""
    queries, keys = query.shape[2], key.shape[2]
    if queries == 1:
        return F.scaled_dot_product_attention(query, key, value, enable_gqa=True)
    if queries == keys:
        return F.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=True)
    # A chunk behind a prefix, of one sequence: KV heads become the batch and are shared by their queries without a copy.
    bias = causal_lower_right(queries, keys)
    kv_heads = key.shape[1]
    group = query.shape[1] // kv_heads
    grouped = query[0].unflatten(0, (kv_heads, group))
    key, value = (part[0].unsqueeze(1).expand(kv_heads, group, keys, -1) for part in (key, value))
    return F.scaled_dot_product_attention(grouped, key, value, attn_mask=bias).flatten(0, 1).unsqueeze(0)


def prefill(layers, cache: KvCache, x: torch.Tensor, chunk_tokens: int) -> torch.Tensor:
    """Computes one sequence in chunks, as an engine does; returns the last chunk's output."""
    tokens = x.shape[1]
    for start in range(0, tokens, chunk_tokens):
        end = min(tokens, start + chunk_tokens)
        part = x[:, start:end]
        for i, layer in enumerate(layers):
            query, key, value = layer.project(part)
            cache.keys[i][:, :, start:end] = key
            cache.values[i][:, :, start:end] = value
            attended = attend(query, cache.keys[i][:, :, :end], cache.values[i][:, :, :end])
            part = layer.finish(part, attended)
    return part


def decode(layers, cache: KvCache, x: torch.Tensor, context_tokens: int) -> torch.Tensor:
    """One token of each sequence of a batch, whose KV before it is in the cache."""
    position = context_tokens - 1
    for i, layer in enumerate(layers):
        query, key, value = layer.project(x)
        cache.keys[i][:, :, position : position + 1] = key
        cache.values[i][:, :, position : position + 1] = value
        attended = attend(query, cache.keys[i][:, :, :context_tokens], cache.values[i][:, :, :context_tokens])
        x = layer.finish(x, attended)
    return x


def synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def median_seconds(run, device: torch.device, repeats: int, warm_up: int = 2) -> float:
    for _ in range(warm_up):
        run()
    synchronize(device)
    samples = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        synchronize(device)
        samples.append(time.perf_counter() - started)
    return statistics.median(samples)


def fits(numbers: float, device: torch.device, dtype: torch.dtype) -> bool:
    """Whether so many numbers have room, with as much again for what a step needs on the way."""
    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return 2 * numbers * torch.finfo(dtype).bits / 8 < free


class Rows:
    """Rows of the CSV; what cannot be measured is said on standard error and left out."""

    columns = ("kind", "context_tokens", "batch", "seconds", "bytes", "all_reduce")

    def __init__(self):
        self.rows = []

    def add(self, kind, context_tokens, batch, seconds, size, all_reduce) -> None:
        self.rows.append((kind, context_tokens, batch, f"{seconds:.9g}", size, all_reduce))
        print(f"{kind:8} {context_tokens:>8} tokens × {batch:<4} {seconds * 1000:12.3f} ms", file=sys.stderr)

    def write(self, path: str) -> None:
        with open(path, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self.columns)
            writer.writerows(self.rows)


def measure(shape: Shape, options, device: torch.device, dtype: torch.dtype, rows: Rows) -> None:
    generator = torch.Generator(device=device).manual_seed(1)
    layers = [Layer(shape, device, dtype, generator) for _ in range(options.layers)]
    factor = shape.layers / options.layers
    head = torch.randn(shape.vocabulary, shape.d_model, device=device, dtype=dtype)
    all_reduce = "no" if options.tp > 1 else "yes"

    def embedded(batch: int, tokens: int) -> torch.Tensor:
        return torch.randn(batch, tokens, shape.d_model, device=device, dtype=dtype, generator=generator)

    def head_seconds(batch: int) -> float:
        x = embedded(batch, 1)
        return median_seconds(lambda: F.linear(x, head), device, options.repeats)

    for tokens in options.prefill:
        numbers = tokens * (shape.d_model + options.layers * 2 * shape.kv_heads * shape.head_dim)
        if not fits(numbers, device, dtype):
            print(f"prefill of {tokens} tokens: no room, left out", file=sys.stderr)
            continue
        cache = KvCache(options.layers, 1, tokens, shape, device, dtype)
        x = embedded(1, tokens)
        seconds = median_seconds(lambda: prefill(layers, cache, x, options.chunk), device, options.repeats, warm_up=1)
        rows.add("prefill", tokens, 1, seconds * factor + head_seconds(1), "", all_reduce)
        del cache, x

    for batch in options.batches:
        for tokens in options.decode:
            if not fits(batch * tokens * options.layers * 2 * shape.kv_heads * shape.head_dim, device, dtype):
                print(f"decode of {batch} × {tokens} tokens: no room, left out", file=sys.stderr)
                continue
            cache = KvCache(options.layers, batch, tokens, shape, device, dtype)
            x = embedded(batch, 1)
            seconds = median_seconds(lambda: decode(layers, cache, x, tokens), device, options.repeats)
            rows.add("decode", tokens, batch, seconds * factor + head_seconds(batch), "", all_reduce)
            del cache, x

    for tokens in options.copies:
        copy_rows(tokens, shape, options, device, dtype, rows)


def copy_rows(tokens: int, shape: Shape, options, device: torch.device, dtype: torch.dtype, rows: Rows) -> None:
    """The KV of so many tokens in one buffer: from pinned host memory, and inside the GPU."""
    numbers = tokens * shape.kv_numbers_per_token
    size = numbers * torch.finfo(dtype).bits // 8
    if not fits(numbers, device, dtype):
        print(f"copies of {tokens} tokens: no room, left out", file=sys.stderr)
        return
    host = torch.empty(numbers, dtype=dtype, pin_memory=device.type == "cuda")
    source = torch.empty(numbers, dtype=dtype, device=device)
    target = torch.empty(numbers, dtype=dtype, device=device)
    copies = (("h2d", host), ("d2d", source))
    for kind, origin in copies:
        seconds = median_seconds(lambda: target.copy_(origin, non_blocking=True), device, options.repeats)
        rows.add(kind, tokens, 1, seconds, size, "")


def self_check() -> None:
    """On the CPU, in tiny shapes: chunks change nothing, and decode continues a prefill."""
    device, dtype = torch.device("cpu"), torch.float32
    generator = torch.Generator(device=device).manual_seed(2)
    layers = [Layer(TINY, device, dtype, generator) for _ in range(2)]
    tokens = 23
    x = torch.randn(1, tokens, TINY.d_model, generator=generator)
    whole = prefill(layers, KvCache(2, 1, tokens, TINY, device, dtype), x, tokens)[:, -1]
    for chunk_tokens in (1, 5, 8):
        cache = KvCache(2, 1, tokens, TINY, device, dtype)
        chunked = prefill(layers, cache, x, chunk_tokens)[:, -1]
        if not torch.allclose(whole, chunked, atol=1e-4):
            raise SystemExit(f"self-check failed: chunks of {chunk_tokens} tokens change the answer")
    cache = KvCache(2, 1, tokens, TINY, device, dtype)
    prefill(layers, cache, x[:, :-1], 8)
    decoded = decode(layers, cache, x[:, -1:], tokens)[:, -1]
    if not torch.allclose(whole, decoded, atol=1e-4):
        raise SystemExit("self-check failed: decode does not continue the prefill")


def whole_numbers(text: str):
    return [int(part) for part in text.split(",")]


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=sorted(MODELS), default="llama-3.1-70b")
    parser.add_argument("--tp", type=int, default=1, help="measure one GPU's part of a tensor-parallel group")
    parser.add_argument("--layers", type=int, default=2, help="layers that are measured and scaled to all")
    parser.add_argument("--chunk", type=int, default=8192, help="tokens of a prefill chunk")
    parser.add_argument("--prefill", type=whole_numbers, default=[1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072])
    parser.add_argument("--decode", type=whole_numbers, default=[1024, 8192, 32768, 131072], help="context lengths")
    parser.add_argument("--batches", type=whole_numbers, default=[1, 4, 16, 64])
    parser.add_argument("--copies", type=whole_numbers, default=[64, 1024, 8192, 32768], help="tokens of KV")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", default="points.csv")
    parser.add_argument("--self-check", action="store_true", help="tiny shapes on the CPU, with a check of the answers")
    return parser.parse_args()


def main() -> None:
    options = parse_options()
    rows = Rows()
    with torch.inference_mode():
        if options.self_check:
            self_check()
            options.prefill, options.decode, options.batches, options.copies = [16, 48], [16, 48], [1, 2], [16]
            options.chunk, options.layers, options.tp = 16, 2, 1
            measure(TINY, options, torch.device("cpu"), torch.float32, rows)
        else:
            if not torch.cuda.is_available():
                raise SystemExit("PyTorch sees no GPU; --self-check runs without one")
            device = torch.device("cuda")
            print(f"{torch.cuda.get_device_name(device)}, PyTorch {torch.__version__}", file=sys.stderr)
            measure(MODELS[options.model].split(options.tp), options, device, torch.bfloat16, rows)
    rows.write(options.out)
    print(f"{len(rows.rows)} points in {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
