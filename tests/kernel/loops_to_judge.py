"""Training loops with a fault each, and their sound siblings.

Every program is the head, a body, and what differs: `FAULTS[kind]` is (wrong, right). The line of the fault is marked
with `# <-`.
"""

from __future__ import annotations

HEAD = """\
import torch
from torch import nn
import torch.nn.functional as F
torch.manual_seed(0)
x = torch.randn(64, 3)
w_true = torch.tensor([[1.0], [-2.0], [0.5]])
y = x @ w_true + 0.1
labels = (x[:, 0] > 0).long() + (x[:, 1] > 0).long()
model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
classifier = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
"""

RIGHT = """
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

FAULTS: dict[str, tuple[str, str]] = {
    "never-cleared": (
        """
for step in range(12):
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()  # <-
""",
        RIGHT,
    ),
    "never-cleared by hand": (
        """
w = torch.zeros(3, 1, requires_grad=True)
for step in range(8):
    loss = ((x @ w - y) ** 2).mean()
    loss.backward()  # <-
    with torch.no_grad():
        w -= 0.1 * w.grad
""",
        """
w = torch.zeros(3, 1, requires_grad=True)
for step in range(8):
    loss = ((x @ w - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad.zero_()
""",
    ),
    "cleared-before-step": (
        """
for step in range(12):
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.zero_grad()  # <-
    optimizer.step()
""",
        """
for step in range(12):
    optimizer.zero_grad()
    F.mse_loss(model(x), y).backward()
    optimizer.step()
""",
    ),
    "no-step": (
        """
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()  # <-
""",
        """
norms = []
for step in range(12):
    model.zero_grad()
    F.mse_loss(model(x[step:step + 8]), y[step:step + 8]).backward()
    norms.append(model[0].weight.grad.norm().item())
optimizer.step()
""",
    ),
    "step-before-backward": (
        """
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    optimizer.step()  # <-
    loss.backward()
""",
        """
for step in range(12):
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    ),
    "other-weights": (
        """
model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()  # <-
""",
        RIGHT,
    ),
    "unmoved": (
        """
optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()  # <-
""",
        """
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
warm = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, step / 4))
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    warm.step()
""",
    ),
    "no-gradient": (
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 16)
        self.second = nn.Linear(16, 1)
    def forward(self, x):
        h = torch.tanh(self.first(x)).detach()  # <-
        return self.second(h)
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(12):
    loss = F.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        """
for one in model[0].parameters():
    one.requires_grad_(False)
optimizer = torch.optim.SGD([one for one in model.parameters() if one.requires_grad], lr=0.05)
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    ),
    "trained-in-evaluation-mode": (
        """
net = nn.Sequential(nn.Linear(3, 16), nn.Dropout(0.2), nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
net.train()
for epoch in range(6):
    for start in range(0, 64, 16):
        loss = F.mse_loss(net(x[start:start + 16]), y[start:start + 16])
        optimizer.zero_grad()
        loss.backward()  # <-
        optimizer.step()
    net.eval()
    with torch.no_grad():
        F.mse_loss(net(x), y)
""",
        """
net = nn.Sequential(nn.Linear(3, 16), nn.Dropout(0.2), nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for epoch in range(6):
    net.train()
    for start in range(0, 64, 16):
        loss = F.mse_loss(net(x[start:start + 16]), y[start:start + 16])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        F.mse_loss(net(x), y)
""",
    ),
    "evaluated-in-training-mode": (
        """
net = nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters())
criterion = nn.MSELoss()
for epoch in range(6):
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    final = criterion(net(x), y)  # <-
""",
        """
net = nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters())
criterion = nn.MSELoss()
for epoch in range(6):
    net.train()
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
net.eval()
with torch.no_grad():
    final = criterion(net(x), y)
""",
    ),
    "graph-in-evaluation": (
        """
criterion = nn.MSELoss()
for epoch in range(4):
    model.train()
    for start in range(0, 64, 16):
        loss = criterion(model(x[start:start + 16]), y[start:start + 16])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    for start in range(0, 64, 16):
        seen = criterion(model(x[start:start + 16]), y[start:start + 16])  # <-
""",
        """
criterion = nn.MSELoss()
for epoch in range(4):
    model.train()
    for start in range(0, 64, 16):
        loss = criterion(model(x[start:start + 16]), y[start:start + 16])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for start in range(0, 64, 16):
            seen = criterion(model(x[start:start + 16]), y[start:start + 16])
""",
    ),
    "softmax-twice": (
        """
optimizer = torch.optim.Adam(classifier.parameters())
for step in range(6):
    loss = F.cross_entropy(torch.softmax(classifier(x), dim=1), labels)  # <-
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        """
optimizer = torch.optim.Adam(classifier.parameters())
for step in range(6):
    loss = F.cross_entropy(classifier(x), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    ),
    "broadcast-loss": (
        """
for step in range(6):
    loss = F.mse_loss(model(x), y.squeeze(1))  # <-
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        """
for step in range(6):
    loss = F.mse_loss(model(x).squeeze(1), y.squeeze(1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    ),
    "broadcast-loss by hand": (
        """
flat = y.squeeze(1)
for step in range(6):
    guess = model(x)
    loss = ((guess - flat) ** 2).mean()  # <-
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        """
flat = y.squeeze(1)
for step in range(6):
    guess = model(x).squeeze(1)
    loss = ((guess - flat) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
    ),
    "sorted": (
        """
optimizer = torch.optim.Adam(classifier.parameters())
order = labels.argsort()
for epoch in range(3):
    for start in range(0, 64, 4):
        rows = order[start:start + 4]
        loss = F.cross_entropy(classifier(x[rows]), labels[rows])  # <-
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
""",
        """
optimizer = torch.optim.Adam(classifier.parameters())
for epoch in range(3):
    order = torch.randperm(64)
    for start in range(0, 64, 4):
        rows = order[start:start + 4]
        loss = F.cross_entropy(classifier(x[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
""",
    ),
    "trained-on-held-out": (
        """
x_train, y_train, x_test, y_test = x[:48], y[:48], x[48:], y[48:]
for step in range(8):
    guess = model(x_test)  # <-
    loss = F.mse_loss(guess, y_test)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        """
x_train, y_train, x_test, y_test = x[:48], y[:48], x[48:], y[48:]
for step in range(8):
    guess = model(x_train)
    loss = F.mse_loss(guess, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        test_loss = F.mse_loss(model(x_test), y_test)
""",
    ),
    "loss-kept": (
        """
losses = []
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss)  # <-
""",
        """
losses = []
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
""",
    ),
    "loss-summed": (
        """
total = 0.0
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total += loss  # <-
""",
        """
total = 0.0
for step in range(12):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total += loss.item()
""",
    ),
    "not-finite log": (
        """
p = torch.zeros(4, requires_grad=True)
for step in range(4):
    loss = -torch.log(p).mean()
    loss.backward()  # <-
    p.grad = None
""",
        """
p = torch.full((4,), 0.5, requires_grad=True)
for step in range(4):
    loss = -torch.log(p).mean()
    loss.backward()
    p.grad = None
""",
    ),
    "not-finite data": (
        """
x[3, 1] = float("nan")
for step in range(4):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()  # <-
    optimizer.step()
""",
        RIGHT,
    ),
    "not-finite weights": (
        """
optimizer = torch.optim.SGD(model.parameters(), lr=1e30)
for step in range(6):
    loss = F.mse_loss(model(x) ** 3, y)
    optimizer.zero_grad()
    loss.backward()  # <-
    optimizer.step()
""",
        RIGHT,
    ),
}

SOUND: dict[str, str] = {
    "accumulation": """
for step in range(24):
    loss = F.mse_loss(model(x[step % 4 * 16:step % 4 * 16 + 16]), y[step % 4 * 16:step % 4 * 16 + 16]) / 4
    loss.backward()
    if (step + 1) % 4 == 0:
        optimizer.step()
        optimizer.zero_grad()
""",
    "gan": """
critic = nn.Sequential(nn.Linear(1, 8), nn.ReLU(), nn.Linear(8, 1))
d_opt = torch.optim.Adam(critic.parameters(), lr=0.01)
for step in range(10):
    fake = model(x)
    d_loss = F.softplus(-critic(y)).mean() + F.softplus(critic(fake.detach())).mean()
    d_opt.zero_grad()
    d_loss.backward()
    d_opt.step()
    g_loss = F.softplus(-critic(fake)).mean()
    optimizer.zero_grad()
    g_loss.backward()
    optimizer.step()
""",
    "lbfgs": """
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1)
def closure():
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    return loss
for step in range(5):
    optimizer.step(closure)
""",
    "two losses": """
for step in range(10):
    guess = model(x)
    optimizer.zero_grad()
    (F.mse_loss(guess, y) + 0.1 * guess.abs().mean()).backward()
    optimizer.step()
""",
    "a function of its own": """
def train(model, optimizer, epochs=8):
    history = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        history.append(loss.item())
    return history
train(model, optimizer)
""",
    "by hand, new tensors": """
w = torch.zeros(3, 1, requires_grad=True)
for step in range(8):
    loss = ((x @ w - y) ** 2).mean()
    (slope,) = torch.autograd.grad(loss, w)
    w = (w - 0.1 * slope).detach().requires_grad_()
""",
    "gradients only looked at": """
for step in range(8):
    model.zero_grad()
    F.mse_loss(model(x), y + step).backward()
""",
    "accumulated to show it": """
w = torch.tensor(2.0, requires_grad=True)
for _ in range(5):
    (w ** 2).backward()
""",
    "adam with frozen encoder": """
net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
net[1].eval()
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
for step in range(10):
    optimizer.zero_grad(set_to_none=False)
    F.mse_loss(net(x), y).backward()
    optimizer.step()
""",
    "policy gradient": """
for episode in range(6):
    scores = []
    for step in range(4):
        scores.append(torch.log_softmax(classifier(x[step]), dim=0)[1])
    loss = -torch.stack(scores).sum()
    classifier.zero_grad()
    loss.backward()
    with torch.no_grad():
        for one in classifier.parameters():
            one -= 0.01 * one.grad
""",
}
"""Loops in which nothing is wrong."""
