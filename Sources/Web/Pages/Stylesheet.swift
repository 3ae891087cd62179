extension Assets {
    /// Light and dark, from 320 px up; colours keep the contrast that WCAG 2.2 asks for at level AA.
    static let stylesheetText = """
        :root {
          color-scheme: light dark;
          --ground: #f3f5f2;
          --glow: #e3ece6;
          --card: #ffffff;
          --edge: #dde3de;
          --text: #18211d;
          --muted: #55625b;
          --field: #ffffff;
          --field-edge: #7d8a83;
          --accent: #1d6b51;
          --accent-strong: #14513d;
          --on-accent: #ffffff;
          --alert: #8f1d22;
          --alert-ground: #fdf0ef;
          --alert-edge: #c2393f;
          --shadow: 0 1px 2px rgb(20 40 30 / 6%), 0 16px 40px -12px rgb(20 40 30 / 16%);
        }

        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #101513;
            --glow: #17241e;
            --card: #19201d;
            --edge: #2b3530;
            --text: #e9eeeb;
            --muted: #a5b2ab;
            --field: #111715;
            --field-edge: #6f7d76;
            --accent: #7fd0ae;
            --accent-strong: #a3e0c7;
            --on-accent: #0b1a14;
            --alert: #ffc9c5;
            --alert-ground: #391c1d;
            --alert-edge: #e5777a;
            --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 20px 48px -16px rgb(0 0 0 / 60%);
          }
        }

        *, *::before, *::after { box-sizing: border-box; }

        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }

        body {
          margin: 0;
          min-height: 100vh;
          min-height: 100dvh;
          display: grid;
          place-items: center;
          padding: 2rem 1rem;
          background: var(--ground) radial-gradient(60rem 32rem at 50% 0, var(--glow), transparent) no-repeat;
          color: var(--text);
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
        }

        .card {
          width: 100%;
          max-width: 26rem;
          padding: 2.5rem 2.25rem 2.25rem;
          background: var(--card);
          border: 1px solid var(--edge);
          border-radius: 1.125rem;
          box-shadow: var(--shadow);
          overflow-wrap: anywhere;
        }

        .logo { display: block; margin-block-end: 1.5rem; }

        h1 {
          margin: 0;
          font-size: 1.625rem;
          font-weight: 650;
          line-height: 1.25;
          letter-spacing: -0.015em;
          text-wrap: balance;
          overflow-wrap: break-word;
        }

        p { margin: 0.75rem 0 0; }

        .lead, .status { color: var(--muted); }

        h1 + .lead { margin-block-start: 0.375rem; }

        .status { margin: 0 0 0.375rem; font-size: 0.875rem; font-weight: 600; }

        .alert {
          margin-block-start: 1.25rem;
          padding: 0.75rem 0.875rem;
          background: var(--alert-ground);
          color: var(--alert);
          border-inline-start: 0.25rem solid var(--alert-edge);
          border-radius: 0.5rem;
          font-size: 0.9375rem;
        }

        .entries { list-style: none; margin: 1.5rem 0 0; padding: 0; }

        .entries > li { padding-block: 1rem; border-block-start: 1px solid var(--edge); }

        .entries p { margin: 0; font-size: 0.9375rem; }

        .entries form { margin: 0; }

        .tag {
          padding: 0.0625rem 0.5rem;
          border: 1px solid var(--edge);
          border-radius: 1rem;
          color: var(--muted);
          font-size: 0.8125rem;
        }

        form { margin-block-start: 1.5rem; }

        .field { margin-block-end: 1.125rem; }

        label { display: block; margin-block-end: 0.375rem; font-size: 0.9375rem; font-weight: 600; }

        input {
          display: block;
          width: 100%;
          min-height: 3rem;
          padding: 0.625rem 0.875rem;
          background: var(--field);
          color: inherit;
          border: 1px solid var(--field-edge);
          border-radius: 0.625rem;
          font: inherit;
        }

        input[type="hidden"] { display: none; }

        .tick { display: flex; align-items: center; gap: 0.625rem; margin: 0; font-weight: 400; cursor: pointer; }

        .tick input { flex: none; width: 1.25rem; min-height: 1.25rem; margin: 0; accent-color: var(--accent); }

        #remember {
          display: inline-block;
          width: 1.25rem;
          min-height: 1.25rem;
          margin-block: 0.75rem;
          margin-inline: 0 0.625rem;
          accent-color: var(--accent);
          vertical-align: middle;
        }

        #remember + label { display: inline; font-weight: 400; vertical-align: middle; cursor: pointer; }

        /* Which links count is said by a checkbox: it works without scripts. */
        #remember:checked ~ .choices:not(.remembered), #remember:not(:checked) ~ .remembered { display: none; }

        .unseen {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
          white-space: nowrap;
        }

        input[aria-invalid="true"] { border-color: var(--alert-edge); }

        .button {
          display: flex;
          align-items: center;
          justify-content: center;
          width: 100%;
          min-height: 3rem;
          margin-block-start: 1.5rem;
          padding: 0.625rem 1.25rem;
          background: var(--accent);
          color: var(--on-accent);
          border: 1px solid transparent;
          border-radius: 0.625rem;
          font: inherit;
          font-weight: 600;
          text-align: center;
          text-decoration: none;
          cursor: pointer;
          transition: background-color 120ms;
        }

        .button:hover, .button:active { background: var(--accent-strong); }

        .button:disabled { opacity: 0.5; cursor: default; }

        .quiet { margin-block-start: 0.75rem; background: transparent; color: var(--accent); border-color: var(--edge); }

        .quiet:hover, .quiet:active { background: transparent; border-color: var(--accent); color: var(--accent-strong); }

        .account { flex-direction: column; gap: 0.125rem; }

        .account small { color: var(--muted); font-size: 0.875rem; font-weight: 400; }

        .picture { display: block; width: min(100%, 15rem); margin: 1.25rem auto 0; border-radius: 0.625rem; }

        .codes { columns: 10.25rem; column-gap: 0.5rem; list-style: none; margin: 1.25rem 0 0; padding: 0; line-height: 2; }

        iframe { display: none; }

        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }

        input:focus-visible { outline-offset: -1px; border-color: transparent; }

        .reference {
          margin-block-start: 1.75rem;
          padding-block-start: 1rem;
          border-block-start: 1px solid var(--edge);
          color: var(--muted);
          font-size: 0.875rem;
        }

        .reference a, .lead a { color: var(--accent); }

        code {
          font: 0.875rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
          color: var(--text);
          user-select: all;
        }

        @media (max-width: 30rem) {
          body { display: block; padding: 0; background: var(--card); }
          .card { max-width: none; padding: 2rem 1.25rem; background: none; border: 0; border-radius: 0; box-shadow: none; }
        }

        @media (prefers-reduced-motion: reduce) { .button { transition: none; } }

        """
}
