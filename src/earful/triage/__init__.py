"""What a message is, before anybody reads it: pure, on the CPU, with its reasons in words.

`severity` is a first severity by rules. `judging` asks the model, which `learning` trains: what the
writer wants (complaint, question, request, praise, chatter), how it sounds, whether it is for a
company at all; `found` is what patterns find beside it. Judging
needs the standard library only; learning needs scikit-learn.
"""
