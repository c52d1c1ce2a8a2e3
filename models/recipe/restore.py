# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""Turns an exported model back into a network that can be trained further.

The export has batch norm folded into the convolutions. Unfolding is not unique but can be exact: with the folded
weights in place, the mean m and variance v of every convolution's output are measured over some scenes; batch norm
with these statistics, gain sqrt(v + eps) and offset m + bias computes the same function as the folded bias.
The weights of each channel are then scaled to the norm they have at the start of a training from nothing, which batch
norm makes invisible, so that one learning rate suits all layers as it does there.
"""
import numpy as np
import onnx
import torch
from onnx import numpy_helper

from network import Conv


@torch.no_grad()
def restore(net, path, images):
    """Gives the network the weights of the model at path; images [N, 3, H, W] in 0-1 set the statistics."""
    weights = {t.name: torch.from_numpy(np.array(numpy_helper.to_array(t))) for t in onnx.load(path).graph.initializer}
    blocks = {name: module for name, module in net.named_modules() if isinstance(module, Conv)}
    norms = {name: block.conv.weight.flatten(1).norm(dim=1).mean() for name, block in blocks.items()}
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            module.weight.copy_(weights[f"{name}.weight"])
            if module.bias is not None:
                module.bias.copy_(weights[f"{name}.bias"])
    outputs = {}
    hooks = []
    for name, block in blocks.items():
        bn = block.bn
        bn.running_mean.zero_()
        bn.running_var.fill_(1 - bn.eps)
        bn.weight.fill_(1)
        bn.bias.copy_(weights[f"{name}.conv.bias"])
        hooks.append(bn.register_forward_pre_hook(lambda _, x, name=name: outputs.__setitem__(name, (
            x[0].mean((0, 2, 3)), x[0].var((0, 2, 3), unbiased=False)))))
    net.eval()
    net(images)
    for hook in hooks:
        hook.remove()
    for name, block in blocks.items():
        mean, variance = outputs[name]
        scale = norms[name] / block.conv.weight.flatten(1).norm(dim=1).clamp(min=1e-6)
        block.conv.weight.mul_(scale[:, None, None, None])
        bn = block.bn
        bn.bias.add_(mean)
        bn.running_mean.copy_(mean * scale)
        bn.running_var.copy_(variance * scale ** 2)
        bn.weight.copy_((bn.running_var + bn.eps).sqrt() / scale)
