"""Speech as it comes, a face as it moves: sound laid along a clock, told by nets in other processes, sent at steady times.

::

    microphone | standard input | file | WebSocket          senders
      └─ samples, feelings ─► Timeline ─► Company ─► rows ─► Face's clock ─► Live Link, VMC, VTube Studio, WebSocket
                                          (processes)
"""
