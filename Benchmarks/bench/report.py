def write(kept, out): return "nothing"
def plain_table(outcome):
    lines=[]
    for row in outcome.rows:
        lines.append("  %-45s %9.0f/s  cpu %7.2f  p50 %7.0f  p99 %8.0f" % (row.name, *(row.median(f) for f in ("rate","cpu","p50","p99"))))
    for k,v in outcome.facts.items(): lines.append(f"  {k}: {v}")
    lines.append("  %.0f s" % outcome.seconds)
    return "\n".join(lines)
