"""Messages of the worker process: time, memory, crashes, the engine's state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    # One job.
    "worker-timeout": {
        "en": "This took longer than {seconds} seconds and was stopped. Measure something smaller.",
        "zh": "耗时超过 {seconds} 秒，已停止。请测量小一些的内容。",
    },
    "worker-memory": {
        "en": "There was not enough memory for this. Measure something smaller.",
        "zh": "内存不足，无法完成。请测量小一些的内容。",
    },
    "worker-died": {
        "en": "The engine stopped while it was measuring this, and was restarted. Try again; if it "
        "happens every time, {log} says more.",
        "zh": "引擎在测量时停止了，现已重新启动。请再试一次；如果总是这样，详情见 {log}。",
    },
    "worker-broke": {
        "en": "The engine could not measure this ({error}): a fault of Gradus. Its log file holds "
        "the details: {log}.",
        "zh": "引擎无法完成这个测量（{error}），这是 Gradus 的问题。详情见日志文件：{log}。",
    },
    "cancelled": {
        "en": "Cancelled before it was measured to the end.",
        "zh": "测量尚未完成，已取消。",
    },
    "job-too-large": {
        "en": "This is too long to be sent to the engine. Shorten the expressions.",
        "zh": "内容太长，无法发送给引擎。请缩短表达式。",
    },
    "reply-too-large": {
        "en": "The result is too large to be shown. Measure a part of it, its sum or its shape.",
        "zh": "结果太大，无法显示。可以只测量其中一部分、总和或形状。",
    },
    # The engine as a whole.
    "engine-no-torch": {
        "en": "PyTorch could not be loaded, so nothing can be measured. Install Gradus again; the "
        "reason is in {log}.",
        "zh": "无法加载 PyTorch，因此不能测量。请重新安装 Gradus；原因见 {log}。",
    },
    "engine-no-start": {
        "en": "The engine could not be started after several attempts. The reason is in {log}; "
        "`gradus doctor` checks the installation.",
        "zh": "多次尝试后仍无法启动引擎。原因见 {log}；运行 `gradus doctor` 可以检查安装。",
    },
    "engine-slow-start": {
        "en": "The engine was not ready in time. The machine may be busy: try again in a while. If "
        "it stays so, {log} says more.",
        "zh": "引擎未能及时就绪，机器可能正忙，请稍后再试。如果一直这样，详情见 {log}。",
    },
    "engine-broke": {
        "en": "The connection to the engine failed: a fault of Gradus. Start Gradus again; the "
        "details are in {log}.",
        "zh": "与引擎的连接出错，这是 Gradus 的问题。请重新启动 Gradus；详情见 {log}。",
    },
    "engine-closed": {
        "en": "The engine was closed before this was measured.",
        "zh": "引擎在测量之前已关闭。",
    },
}
