"""The published table: parameters to the unit, work, shapes; every layer table adds up."""

from __future__ import annotations

import pytest
from measuring import measured, outcome, refusal

from engine.protocol import Measured

_ZOO = "torchvision, table of its weights (GFLOPS there are these macs)"
_HERE = "computed here"
_IMAGE = (1, 3, 224, 224)
_CLASSES = (1, 1000)

TABLE = [
    ("perceptron(2)", [(1, 2)], 3, 2, (1, 1), _HERE),
    ("mlp(784, 500, 10)", [(1, 784)], 397_510, 397_000, (1, 10), _HERE),
    ("autoencoder(784, 1000, 500, 250, 30)", [(1, 784)], 2_837_314, 2_833_000, (1, 784), _HERE),
    ("lenet5()", [(1, 1, 32, 32)], 61_706, 416_520, (1, 10), _HERE),
    ("alexnet()", [_IMAGE], 61_100_840, 714_188_480, _CLASSES, _ZOO),
    ("alexnet_2012()", [_IMAGE], 60_965_224, 724_406_816, _CLASSES, "Caffe's model zoo"),
    ("vgg11()", [_IMAGE], 132_863_336, 7_609_090_048, _CLASSES, _ZOO),
    ("vgg13()", [_IMAGE], 133_047_848, 11_308_466_176, _CLASSES, _ZOO),
    ("vgg16()", [_IMAGE], 138_357_544, 15_470_264_320, _CLASSES, _ZOO),
    ("vgg19()", [_IMAGE], 143_667_240, 19_632_062_464, _CLASSES, _ZOO),
    ("googlenet()", [_IMAGE], 6_624_904, 1_498_376_192, _CLASSES, _ZOO),
    ("googlenet(variant='paper')", [_IMAGE], 6_998_552, 1_582_671_872, _CLASSES, _HERE),
    ("inception_v3()", [(1, 3, 299, 299)], 23_834_568, 5_713_216_096, _CLASSES, _ZOO),
    ("inception_v3(aux=True)", [(1, 3, 299, 299)], 27_161_264, 5_718_899_296, _CLASSES, _ZOO),
    ("resnet18()", [_IMAGE], 11_689_512, 1_814_073_344, _CLASSES, _ZOO),
    ("resnet34()", [_IMAGE], 21_797_672, 3_663_761_408, _CLASSES, _ZOO),
    ("resnet50()", [_IMAGE], 25_557_032, 4_089_184_256, _CLASSES, _ZOO),
    ("resnet50(variant='paper')", [_IMAGE], 25_557_032, 3_857_973_248, _CLASSES, _HERE),
    ("resnet101()", [_IMAGE], 44_549_160, 7_801_405_440, _CLASSES, _ZOO),
    ("resnet152()", [_IMAGE], 60_192_808, 11_513_626_624, _CLASSES, _ZOO),
    ("densenet121()", [_IMAGE], 7_978_856, 2_834_161_664, _CLASSES, _ZOO),
    ("squeezenet()", [_IMAGE], 1_248_424, 818_924_576, _CLASSES, _ZOO),
    ("mobilenet_v1()", [_IMAGE], 4_231_976, 568_740_352, _CLASSES, "the paper: 4.2 and 569 M"),
    ("mobilenet_v2()", [_IMAGE], 3_504_872, 300_774_272, _CLASSES, _ZOO),
    ("mobilenet_v3_small()", [_IMAGE], 2_542_856, 56_510_400, _CLASSES, _ZOO),
    ("mobilenet_v3_large()", [_IMAGE], 5_483_032, 216_589_760, _CLASSES, _ZOO),
    ("efficientnet_b0()", [_IMAGE], 5_288_548, 385_814_752, _CLASSES, _ZOO),
    ("unet()", [(1, 3, 256, 256)], 31_037_698, 48_171_581_440, (1, 2, 256, 256), _HERE),
    ("unet(1, variant='paper')", [(1, 1, 572, 572)], 31_030_658, 150_428_424_448,
     (1, 2, 388, 388), "sizes: the paper's figure 1; counts computed here"),
    ("lstm_lm()", [(1, 35)], 19_780_400, 464_100_000, (1, 35, 10_000), _HERE),
    ("seq2seq()", [(1, 20), (1, 20)], 384_144_000, 2_880_000_000, (1, 20, 80_000),
     "the paper: 384 M without biases"),
    ("transformer_base()", [(1, 20), (1, 20)], 63_084_544, 1_267_056_640, (1, 20, 37_000), _HERE),
    ("transformer_base(variant='paper')", [(1, 20), (1, 20)], 63_082_496, 1_267_056_640,
     (1, 20, 37_000), _HERE),
    ("bert_base()", [(1, 128)], 109_482_240, 11_174_215_680, (1, 128, 768), "bert-base-uncased"),
    ("gpt2_small()", [(1, 1024)], 124_439_808, 145_824_153_600, (1, 1024, 50_257), "gpt2"),
    ("vit_b16()", [_IMAGE], 86_567_656, 17_563_828_224, _CLASSES, _ZOO),
    ("llama()", [(1, 128)], 6_738_415_616, 128 * 6_607_077_376 + 32 * 2 * 128**2 * 4096,
     (1, 128, 32_000), "Llama-2-7b"),
    ("llama(40, 5120, 40, 13824)", [(1, 1)], 13_015_864_320, None, (1, 1, 32_000), "Llama-2-13b"),
    ("llama(80, 8192, 64, 28672, kv_heads=8)", [(1, 1)], 68_976_648_192, None, (1, 1, 32_000),
     "Llama-2-70b"),
    ("llama(32, 4096, 32, 14336, 128256, kv_heads=8)", [(1, 1)], 8_030_261_248, None,
     (1, 1, 128_256), "Llama-3-8B"),
    ("llama(16, 2048, 32, 8192, 128256, kv_heads=8, tied=True)", [(1, 1)], 1_235_814_400, None,
     (1, 1, 128_256), "Llama-3.2-1B"),
    ("generator()", [(1, 100, 1, 1)], 3_576_704, 104_628_224, (1, 3, 64, 64),
     "PyTorch's DCGAN tutorial; macs computed here"),
    ("discriminator()", [(1, 3, 64, 64)], 2_765_568, 103_817_216, (1, 1, 1, 1),
     "PyTorch's DCGAN tutorial; macs computed here"),
]  # fmt: skip
"""Network, inputs, parameters, macs (None: not stated), output, source of the parameters."""


@pytest.mark.parametrize(
    ("network", "inputs", "parameters", "macs", "shape", "source"), TABLE, ids=[r[0] for r in TABLE]
)
def test_the_published_table_and_its_layers(
    network: str,
    inputs: list[tuple[int, ...]],
    parameters: int,
    macs: int | None,
    shape: tuple[int, ...],
    source: str,
) -> None:
    given = ", ".join(map(str, inputs))
    result = outcome("parameters(m)", f"macs(m, {given})", f"output_shape(m, {given})",
                     lets={"m": network}, trace=True)  # fmt: skip
    assert isinstance(result, Measured), result
    count, work, made = result.values
    assert (count, made) == (parameters, shape), source
    assert macs in (None, work), source
    assert result.trace is not None
    rows = result.trace.layers
    assert sum(row.parameters for row in rows) == parameters
    assert sum(row.macs or 0 for row in rows) == work
    assert all(row.output_shape for row in rows)


def test_work_by_closed_formulas() -> None:
    width, length = 768, 100
    layer = length * 12 * width**2 + 2 * length**2 * width
    assert measured(f"macs(bert_base(pooler=False), (1, {length}))") == 12 * layer
    head = length * width * 50_257
    assert measured(f"macs(gpt2_small(), (1, {length}))") == 12 * layer + head
    assert measured("macs(lstm_lm(50, 8, 3), (2, 7))") == 2 * 7 * (3 * 4 * 2 * 64 + 8 * 50)


def test_shared_weights_are_counted_once() -> None:
    assert measured("parameters(lstm_lm(50, 8, tied=True)) - parameters(lstm_lm(50, 8))") == -400
    assert measured("parameters(mlp(4, 4, 4, 4))") == 60


def test_a_step_and_a_block() -> None:
    assert measured("perceptron(1)(tensor([[1e9], [-1e9]])).sum().item()") == 1.0
    assert measured("output_shape(inception(8, 1, 2, 3, 4, 5, 6), (1, 8, 9, 9))") == (1, 15, 9, 9)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("output_shape(gpt2_small(), (1, 1025))", "too-many-tokens"),
        ("output_shape(bert_base(), (1, 128, 2))", "tokens-dimensions"),
        ("output_shape(seq2seq(), (1, 9))", "second-input-missing"),
        ("output_shape(transformer_base(), (1, 9), (2, 9))", "shapes-do-not-broadcast"),
        ("output_shape(seq2seq(), (1, 9), (9,))", "tokens-dimensions"),
        ("seq2seq(5, 4, 8, 1)(tensor([[1]]), tensor([[4]]))", "index-beyond-table"),
        ("llama(1, 30, 4)", "heads-do-not-divide"),
        ("llama(1, 32, 4, kv_heads=3)", "heads-do-not-divide"),
        ("autoencoder(5)", "mlp-sizes"),
        ("unet(width=10**6, depth=8)", "too-many-parameters"),
        ("unet(depth=9)", "argument-too-large"),
        ("llama(501)", "argument-too-large"),
        ("googlenet(variant='other')", "argument-word"),
        ("output_shape(googlenet(), (1, 3, 8, 8))", "kernel-larger-than-input"),
        ("output_shape(vit_b16(), (1, 3, 256, 256))", "too-many-tokens"),
        ("output_shape(vit_b16(), (3, 224, 224))", "input-dimensions"),
        ("bert_base()(tensor([[1]]))", "too-many-weights"),
    ],
)
def test_what_a_network_cannot_take_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code


def test_the_way_back_goes_through_attention_gates_and_skips() -> None:
    assert measured("training_ratio(llama(2, 32, 4, 64, 50, kv_heads=2), (1, 16))") == 3.0
    first = "macs(part(part(unet(width=4), '0'), '0'), (1, 3, 32, 32))"
    given = "(1, 3, 32, 32)"
    assert measured(f"3 * macs(m, {given}) - training_macs(m, {given}) - {first}",
                    m="unet(width=4)") == 0  # fmt: skip
