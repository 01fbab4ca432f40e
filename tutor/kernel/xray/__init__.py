"""Looking into the learner's program: variables, shapes, gradients, activations, weights, the autograd graph.

Asleep until somebody looks. Nothing here changes a result, keeps a tensor or a graph alive, or raises.
"""
