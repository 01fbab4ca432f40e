"""Programs that raise the common errors, the rule that must explain each, and something that it must say."""

CASES = {
    "matmul": (
        "x = torch.zeros(32, 10); W = torch.zeros(784, 128)\nx @ W",
        "matmul",
        "`x` is (32, 10) and `W` is (784, 128)",
    ),
    "matmul_batched": (
        "x = torch.zeros(4, 32, 10); W = torch.zeros(4, 784, 128)\nx @ W",
        "matmul",
        "",
    ),
    "bmm": (
        "x = torch.zeros(4, 32, 10); W = torch.zeros(3, 10, 128)\ntorch.bmm(x, W)",
        "matmul",
        "",
    ),
    "mv": (
        "x = torch.zeros(32, 10); w = torch.zeros(5)\nx @ w",
        "matmul",
        "`w` is (5,)",
    ),
    "dot": (
        "a = torch.zeros(3); b = torch.zeros(4)\na @ b",
        "matmul",
        "",
    ),
    "mm_dims": (
        "x = torch.zeros(3); W = torch.zeros(3, 4)\ntorch.mm(x, W)",
        "product-dims",
        "",
    ),
    "linear": (
        "fc = nn.Linear(784, 10); x = torch.zeros(32, 28, 28)\nfc(x)",
        "linear-features",
        "`x.flatten(1)` is (32, 784)",
    ),
    "linear3": (
        "fc = nn.Linear(784, 10); x = torch.zeros(32, 10)\nfc(x)",
        "linear-features",
        "`fc` (Linear) expects 784 numbers",
    ),
    "linear1d": (
        "fc = nn.Linear(784, 10); x = torch.zeros(10)\nfc(x)",
        "linear-features",
        "",
    ),
    "conv_channels": (
        "conv = nn.Conv2d(3, 16, 3); x = torch.zeros(8, 1, 28, 28)\nconv(x)",
        "conv-channels",
        "`conv` (Conv2d) expects 3 channels, and `x` is (8, 1, 28, 28)",
    ),
    "conv_dims": (
        "conv = nn.Conv2d(3, 16, 3); x = torch.zeros(8, 28)\nconv(x)",
        "layer-dims",
        "`x` has 2: (8, 28)",
    ),
    "conv_kernel": (
        "conv = nn.Conv2d(1, 16, 5); x = torch.zeros(8, 1, 3, 3)\nconv(x)",
        "conv-too-small",
        "`conv` (Conv2d): it is (8, 1, 3, 3) there",
    ),
    "pool_small": (
        "pool = nn.MaxPool2d(4); x = torch.zeros(8, 1, 2, 2)\npool(x)",
        "conv-too-small",
        "",
    ),
    "cat": (
        "a = torch.zeros(2, 3); b = torch.zeros(2, 4)\ntorch.cat([a, b])",
        "cat",
        "`a` (2, 3), `b` (2, 4)",
    ),
    "cat_dims": (
        "a = torch.zeros(2, 3); b = torch.zeros(2)\ntorch.cat([a, b])",
        "cat-dims",
        "",
    ),
    "stack": (
        "a = torch.zeros(2, 3); b = torch.zeros(2, 4)\ntorch.stack([a, b])",
        "stack",
        "",
    ),
    "view_size": (
        "x = torch.zeros(32, 10)\nx.view(32, 28)",
        "view-size",
        "(32, 28) needs 896",
    ),
    "reshape": (
        "x = torch.zeros(32, 10)\nx.reshape(-1, 7)",
        "view-size",
        "320 / 7 leaves 5",
    ),
    "view_contig": (
        "x = torch.zeros(32, 10)\nx.t().view(-1)",
        "view-stride",
        "`.reshape(…)`",
    ),
    "broadcast": (
        "a = torch.zeros(32, 10); b = torch.zeros(32)\na + b",
        "broadcast",
        "`b.unsqueeze(1)` is (32, 1)",
    ),
    "expand": (
        "a = torch.zeros(3, 2)\na.expand(4, 2)",
        "expand",
        "",
    ),
    "setitem": (
        "a = torch.zeros(3, 2)\na[0] = torch.zeros(3)",
        "expand",
        "",
    ),
    "dtype_mm": (
        "x = torch.zeros(3, 2, dtype=torch.float64); W = torch.zeros(2, 2)\nx @ W",
        "same-dtype",
        "`x` is float64 and `W` is float32",
    ),
    "dtype_linear": (
        "fc = nn.Linear(2, 2); x = torch.zeros(3, 2, dtype=torch.float64)\nfc(x)",
        "same-dtype",
        "The weights of `fc` are float32, and `x` is float64",
    ),
    "dtype_linear_long": (
        "fc = nn.Linear(2, 2); x = torch.zeros(3, 2, dtype=torch.long)\nfc(x)",
        "same-dtype",
        "",
    ),
    "dtype_conv": (
        "conv = nn.Conv2d(1, 1, 3); x = torch.zeros(3, 1, 8, 8, dtype=torch.uint8)\nconv(x)",
        "same-dtype",
        "",
    ),
    "ce_float_target": (
        "pred = torch.zeros(4, 3); y = torch.zeros(4)\nF.cross_entropy(pred, y)",
        "class-targets",
        "`y` is float32",
    ),
    "ce_int_target": (
        "pred = torch.zeros(4, 3); y = torch.zeros(4, dtype=torch.int32)\nF.cross_entropy(pred, y)",
        "class-targets",
        "",
    ),
    "ce_batch": (
        "pred = torch.zeros(4, 3); y = torch.zeros(5, dtype=torch.long)\nF.cross_entropy(pred, y)",
        "batch-sizes",
        "",
    ),
    "ce_n1": (
        "pred = torch.zeros(4, 3); y = torch.zeros(4, 1, dtype=torch.long)\nF.cross_entropy(pred, y)",
        "class-targets-shape",
        "`y.squeeze(1)`",
    ),
    "ce_oob": (
        "pred = torch.zeros(4, 3); y = torch.tensor([0, 1, 2, 3])\nF.cross_entropy(pred, y)",
        "class-out-of-bounds",
        "`pred` is (4, 3): scores for the 3 classes 0 to 2",
    ),
    "bce_dtype": (
        "pred = torch.zeros(4); y = torch.zeros(4, dtype=torch.long)\nF.binary_cross_entropy_with_logits(pred, y)",
        "float-targets",
        "",
    ),
    "bce_dtype2": (
        "pred = torch.full((4,), .5); y = torch.zeros(4, dtype=torch.long)\nF.binary_cross_entropy(pred, y)",
        "float-targets",
        "",
    ),
    "bce_size": (
        "pred = torch.zeros(4, 1); y = torch.zeros(4)\nF.binary_cross_entropy_with_logits(pred, y)",
        "same-sizes",
        "`pred.squeeze(1)` is (4,)",
    ),
    "bce_range": (
        "pred = torch.full((4,), 1.5); y = torch.zeros(4)\nF.binary_cross_entropy(pred, y)",
        "not-probabilities",
        "",
    ),
    "mse_broadcast": (
        "pred = torch.zeros(4, 3); y = torch.zeros(5)\nF.mse_loss(pred, y)",
        "broadcast",
        "",
    ),
    "mse_long": (
        "w = torch.zeros(4, requires_grad=True); y = torch.zeros(4, dtype=torch.long)\n"
        "loss = F.mse_loss((w * 1).long(), y)",
        "not-for-dtype",
        "",
    ),
    "mean_long": (
        "x = torch.tensor([1, 2, 3])\nx.mean()",
        "mean-of-integers",
        "",
    ),
    "requires_grad_int": (
        "x = torch.tensor([1, 2, 3], requires_grad=True)",
        "integer-gradients",
        "",
    ),
    "device": (
        "x = torch.zeros(3, device='meta'); y = torch.zeros(3)\nx + y",
        "devices",
        "`x` is on meta, `y` is on cpu",
    ),
    "device_linear": (
        "fc = nn.Linear(3, 2, device='meta'); x = torch.zeros(3, 3)\nfc(x)",
        "devices",
        "",
    ),
    "cuda_missing": (
        "x = torch.zeros(3).to('cuda')",
        "no-cuda",
        "",
    ),
    "cuda_missing2": (
        "x = torch.zeros(3, device='cuda')",
        "no-cuda",
        "",
    ),
    "inplace_leaf": (
        "w = torch.zeros(3, requires_grad=True)\nw -= 0.1",
        "in-place-leaf",
        "`w` is a weight",
    ),
    "inplace_view_leaf": (
        "w = torch.zeros(3, requires_grad=True)\nw[0] = 1",
        "in-place-leaf",
        "",
    ),
    "inplace_modified": (
        "w = torch.zeros(3, requires_grad=True)\ny = w.exp()\ny += 1\ny.sum().backward()",
        "in-place-needed",
        "a tensor of shape (3,)",
    ),
    "backward_twice": (
        "w = torch.zeros(3, requires_grad=True)\nloss = (w ** 2).sum()\nloss.backward()\nloss.backward()",
        "twice",
        "",
    ),
    "no_grad": (
        "w = torch.zeros(3)\nloss = (w ** 2).sum()\nloss.backward()",
        "no-graph",
        "",
    ),
    "not_scalar": (
        "w = torch.zeros(3, requires_grad=True)\nloss = (w ** 2)\nloss.backward()",
        "not-scalar",
        "`loss` has shape (3,)",
    ),
    "grad_none": (
        "w = torch.zeros(3, requires_grad=True)\nwith torch.no_grad():\n    w -= 0.1 * w.grad",
        "no-gradient-yet",
        "`w.grad` is None",
    ),
    "grad_zero_none": (
        "w = torch.zeros(3, requires_grad=True)\nw.grad.zero_()",
        "no-gradient-yet",
        "",
    ),
    "numpy_grad": (
        "w = torch.zeros(3, requires_grad=True)\nw.numpy()",
        "numpy-of-grad",
        "`w.detach().numpy()`",
    ),
    "item": (
        "w = torch.zeros(3)\nw.item()",
        "not-one-number",
        "",
    ),
    "float_": (
        "w = torch.zeros(3)\nfloat(w)",
        "not-one-number",
        "",
    ),
    "bool_": (
        "w = torch.zeros(3)\nif w > 0:\n    pass",
        "truth",
        "`w` is (3,)",
    ),
    "embedding": (
        "emb = nn.Embedding(10, 4); words = torch.tensor([1, 12])\nemb(words)",
        "embedding",
        "`emb` has 10 rows, 0 to 9, and `words` contains 12",
    ),
    "embedding_dtype": (
        "emb = nn.Embedding(10, 4); words = torch.tensor([1., 2.])\nemb(words)",
        "embedding-dtype",
        "",
    ),
    "index": (
        "x = torch.zeros(3, 2)\nx[5]",
        "index",
        "`x` is (3, 2): dimension 0 has 3 places",
    ),
    "index_tensor": (
        "x = torch.zeros(3, 2); i = torch.tensor([5])\nx[i]",
        "index",
        "",
    ),
    "index_float": (
        "x = torch.zeros(3, 2); i = torch.tensor([1.])\nx[i]",
        "index-dtype",
        "",
    ),
    "index_dims": (
        "x = torch.zeros(3)\nx[0, 1]",
        "too-many",
        "",
    ),
    "gather": (
        "x = torch.zeros(3, 2); i = torch.tensor([[5]])\nx.gather(1, i)",
        "index",
        "",
    ),
    "one_hot": (
        "y = torch.tensor([0, 3])\nF.one_hot(y, 3)",
        "one-hot",
        "",
    ),
    "one_hot_float": (
        "y = torch.tensor([0., 1.])\nF.one_hot(y, 3)",
        "one-hot",
        "",
    ),
    "mask": (
        "x = torch.zeros(3, 2); m = torch.zeros(4, dtype=torch.bool)\nx[m]",
        "mask",
        "",
    ),
    "dim": (
        "x = torch.zeros(3, 2)\nx.sum(dim=2)",
        "dimension",
        "There is no dimension 2: `x` is (3, 2)",
    ),
    "softmax_dim": (
        "x = torch.zeros(3)\ntorch.softmax(x, dim=1)",
        "dimension",
        "",
    ),
    "squeeze_dim": (
        "x = torch.zeros(3)\nx.unsqueeze(4)",
        "dimension",
        "",
    ),
    "permute": (
        "x = torch.zeros(3, 2)\nx.permute(0, 1, 2)",
        "permute",
        "",
    ),
    "transpose": (
        "x = torch.zeros(3)\nx.transpose(0, 1)",
        "dimension",
        "",
    ),
    "einsum": (
        "a = torch.zeros(3, 2); b = torch.zeros(3, 4)\ntorch.einsum('ij,jk->ik', a, b)",
        "einsum",
        "The letter `j`",
    ),
    "einsum_dims": (
        "a = torch.zeros(3, 2); b = torch.zeros(3, 4)\ntorch.einsum('ijk,jk->ik', a, b)",
        "einsum",
        "",
    ),
    "state_missing": (
        "m = nn.Linear(2, 1)\nm.load_state_dict({'weight': torch.zeros(1, 2)})",
        "keys",
        "`bias`, which the file lacks",
    ),
    "state_unexpected": (
        "m = nn.Linear(2, 1)\nm.load_state_dict({**m.state_dict(), 'module.weight': torch.zeros(1, 2)})",
        "keys",
        "begins with `module.`",
    ),
    "state_size": (
        "m = nn.Linear(2, 1)\nm.load_state_dict({'weight': torch.zeros(1, 3), 'bias': torch.zeros(1)})",
        "sizes",
        "`weight` is (1, 3) in the file and (1, 2) in the model",
    ),
    "load_missing": (
        "torch.load('nowhere.pt')",
        "file",
        "",
    ),
    "load_weights": (
        "class Net(nn.Module):\n"
        "    pass\n"
        "import io\n"
        "f = io.BytesIO(); torch.save(nn.Linear(1, 1), f); f.seek(0)\n"
        "torch.load(f)",
        "weights-only",
        "",
    ),
    "no_super": (
        "class Net(nn.Module):\n    def __init__(self):\n        self.fc = nn.Linear(1, 1)\nNet()",
        "no-super",
        "super().__init__()",
    ),
    "no_super2": (
        "class Net(nn.Module):\n    def __init__(self):\n        self.n = 1\nNet()(torch.zeros(1))",
        "no-super",
        "",
    ),
    "no_forward": (
        "class Net(nn.Module):\n    def forwrad(self, x):\n        return x\nnet = Net()\nnet(torch.zeros(1))",
        "no-forward",
        "",
    ),
    "forward_args": (
        "class Net(nn.Module):\n    def forward(self):\n        return 1\nnet = Net()\nnet(torch.zeros(1))",
        "forward-arguments",
        "",
    ),
    "opt_empty": (
        "m = nn.Sequential()\ntorch.optim.SGD(m.parameters(), lr=0.1)",
        "empty",
        "",
    ),
    "opt_tensor": (
        "w = torch.zeros(3, requires_grad=True)\ntorch.optim.SGD(w, lr=0.1)",
        "not-iterable",
        "`[w]`",
    ),
    "opt_nonleaf": (
        "w = torch.zeros(3, requires_grad=True) * 2\ntorch.optim.SGD([w], lr=0.1)",
        "optimize-result",
        "",
    ),
    "opt_lr": (
        "w = torch.zeros(3, requires_grad=True)\ntorch.optim.SGD([w], lr=-1)",
        "setting",
        "",
    ),
    "batchnorm": (
        "bn = nn.BatchNorm1d(3); x = torch.zeros(1, 3)\nbn(x)",
        "batch-norm",
        "it is (1, 3)",
    ),
    "batchnorm_features": (
        "bn = nn.BatchNorm1d(3); x = torch.zeros(4, 5)\nbn(x)",
        "norm-features",
        "",
    ),
    "batchnorm_dims": (
        "bn = nn.BatchNorm2d(3); x = torch.zeros(4, 3)\nbn(x)",
        "layer-dims",
        "",
    ),
    "layernorm": (
        "ln = nn.LayerNorm(3); x = torch.zeros(4, 5)\nln(x)",
        "layer-norm",
        "",
    ),
    "unpack": (
        "from torch.utils.data import DataLoader\nfor x, y in DataLoader(torch.zeros(9, 3), batch_size=3):\n    pass",
        "unpack",
        "",
    ),
    "unpack2": (
        "from torch.utils.data import DataLoader, TensorDataset\n"
        "for x, y in DataLoader(TensorDataset(torch.zeros(9, 3)), batch_size=3):\n"
        "    pass",
        "unpack",
        "",
    ),
    "dataset_sizes": (
        "from torch.utils.data import TensorDataset\nTensorDataset(torch.zeros(9, 3), torch.zeros(8))",
        "dataset",
        "",
    ),
    "collate": (
        "from torch.utils.data import DataLoader\n"
        "data = [torch.zeros(2), torch.zeros(3)]\n"
        "for x in DataLoader(data, batch_size=2):\n"
        "    pass",
        "stack",
        "",
    ),
    "lambda_pickle": (
        "import pickle\npickle.dumps(lambda x: x)",
        "lambda",
        "",
    ),
    "module_list": (
        "layers = [nn.Linear(1, 1)]\nlayers(torch.zeros(1))",
        "list-called",
        "nn.Sequential",
    ),
    "call_tensor": (
        "x = torch.zeros(3)\nx(2)",
        "tensor-called",
        "",
    ),
    "str_plus": (
        "x = torch.zeros(3)\n'loss ' + x",
        "operands",
        "",
    ),
    "view_list": (
        "x = torch.zeros(3, 2)\nx.view('a')",
        "arguments",
        "",
    ),
    "linear_args": (
        "nn.Linear(3)",
        "constructor",
        "",
    ),
    "linear_float": (
        "nn.Linear(3.0, 2)",
        "size",
        "",
    ),
    "linear_kw": (
        "nn.Linear(3, 2, features=3)",
        "constructor",
        "",
    ),
    "list_to_loss": (
        "F.mse_loss([1., 2.], torch.zeros(2))",
        "not-a-tensor",
        "",
    ),
    "linear_list": (
        "fc = nn.Linear(2, 1)\nfc([1., 2.])",
        "not-a-tensor",
        "",
    ),
    "torch_tensor_ragged": (
        "torch.tensor([[1, 2], [3]])",
        "ragged",
        "",
    ),
    "torch_tensor_str": (
        "torch.tensor(['a'])",
        "strings",
        "",
    ),
    "list_tensors": (
        "torch.tensor([torch.zeros(2), torch.zeros(2)])",
        "not-one-number",
        "",
    ),
    "uint8": (
        "x = torch.tensor([300], dtype=torch.uint8)",
        "overflow",
        "0 to 255",
    ),
    "uint8b": (
        "x = torch.zeros(2, dtype=torch.uint8)\nx.fill_(300)",
        "overflow",
        "",
    ),
    "cast_inplace": (
        "x = torch.zeros(2, dtype=torch.long)\nx += 0.5",
        "float-targets",
        "",
    ),
    "name": (
        "modle = 1\nmodel",
        "name",
        "Did you mean `modle`?",
    ),
    "key": (
        "d = {'loss': 1}\nd['lss']",
        "key",
        "",
    ),
    "import_": (
        "import torchvison",
        "package",
        "`torchvision`",
    ),
    "import_from": (
        "from torch.utils.data import Dataloader",
        "import-name",
        "`DataLoader`",
    ),
    "attr": (
        "torch.nn.Lineer(1, 2)",
        "module-attribute",
        "`torch.nn.Linear`",
    ),
    "attr_none": (
        "x = None\nx.shape",
        "none",
        "",
    ),
    "indent": (
        "for i in range(3):\nprint(i)",
        "indent",
        "",
    ),
    "syntax": (
        "x = (1,\nprint(x)",
        "syntax",
        "",
    ),
    "zero_div": (
        "1 / 0",
        "zero",
        "",
    ),
    "lstm": (
        "rnn = nn.LSTM(4, 8); x = torch.zeros(5, 3, 6)\nrnn(x)",
        "recurrent",
        "",
    ),
    "lstm_h": (
        "rnn = nn.LSTM(4, 8); x = torch.zeros(5, 3, 4)\nout = rnn(x)\nout.shape",
        "attribute",
        "`out` is a tuple",
    ),
    "mha": (
        "nn.MultiheadAttention(10, 3)",
        "heads",
        "",
    ),
    "flatten_deep": (
        "net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(9, 2)); x = torch.zeros(5, 4)\nnet(x)",
        "linear-features",
        "`net[2]` (Linear) expects 9 numbers per row (its `in_features`), and what reaches it is (5, 8)",
    ),
    "deepcopy": (
        "import copy\nw = torch.zeros(3, requires_grad=True)\ncopy.deepcopy(w * 2)",
        "copied-result",
        "",
    ),
    "nograd_req": (
        "w = torch.zeros(3, requires_grad=True) * 2\nw.requires_grad = False",
        "not-leaf",
        "",
    ),
    "inf_loop": (
        "def f(n):\n    return f(n)\nf(1)",
        "recursion",
        "",
    ),
    "oom_cpu": (
        "torch.empty(1 << 50)",
        "memory",
        "",
    ),
    "autograd_grad": (
        "w = torch.zeros(3, requires_grad=True); v = torch.zeros(3, requires_grad=True)\n"
        "torch.autograd.grad((w*2).sum(), v)",
        "unused",
        "",
    ),
    "inference": (
        "w = nn.Linear(1, 1)\n"
        "with torch.inference_mode():\n"
        "    y = torch.ones(1, 1)\n"
        "loss = (w(y)).sum()\n"
        "loss.backward()",
        "inference",
        "",
    ),
    "sampler_len": (
        "from torch.utils.data import DataLoader\n"
        "class D:\n"
        "    def __getitem__(self, i):\n"
        "        return i\n"
        "DataLoader(D(), shuffle=True)",
        "no-length",
        "",
    ),
    "generator": (
        "torch.zeros(3).normal_(generator=3)",
        "not-a-tensor",
        "",
    ),
    "scalar_iter": (
        "x = torch.tensor(1.)\nfor i in x:\n    pass",
        "scalar",
        "",
    ),
    "len_scalar": (
        "x = torch.tensor(1.)\nlen(x)",
        "scalar",
        "",
    ),
    "randperm": (
        "torch.randint(10, (2,), dtype=torch.float)[torch.tensor([0.5])]",
        "index-dtype",
        "",
    ),
    "nll": (
        "nn.NLLLoss()(torch.zeros(3), torch.zeros(2).long())",
        "batch-sizes",
        "",
    ),
    "targets_list": (
        "F.cross_entropy(torch.zeros(2, 3), [0, 1])",
        "not-a-tensor",
        "",
    ),
    "backward_none": (
        "def step():\n    pass\nloss = step()\nloss.backward()",
        "none",
        "",
    ),
    "float_backward": (
        "loss = 1.5\nloss.backward()",
        "plain-number",
        "",
    ),
    "item_backward": (
        "w = torch.ones(1, requires_grad=True)\nloss = (w * 2).sum().item()\nloss.backward()",
        "plain-number",
        "`loss` is a Python float",
    ),
}
"""Name -> (program, rule, part of the words)."""
