// Drives the dashboard as a person would; fails with what was not as expected.
"use strict";
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");

const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

async function login(page, base, token) {
  await page.goto(`${base}/login`);
  await page.fill("#token", token);
  await page.click("button.primary");
  await page.waitForURL((url) => url.pathname !== "/login");
}

// Asks the API as somebody else does.
async function api(base, token, method, path, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "if-match": "*" };
  const answer = await fetch(`${base}/api/v1/admin${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

// Asks whoever started this program for something, and waits until it is done.
const lines = require("node:readline").createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function ask(what) {
  console.log(what);
  await lines.next();
}

// Waits until an element says what it should.
async function says(page, selector, expected) {
  const [source, flags] = [expected.source, expected.flags];
  await page.waitForFunction(
    ([selector, source, flags]) => new RegExp(source, flags).test(document.querySelector(selector)?.textContent ?? ""),
    [selector, source, flags],
  );
}

const JOBS = {
  // Login, toggle, rollout, undo, search, logout.
  async work(browser, base, token) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const foreign = [];
    page.on("request", (request) => request.url().startsWith(base) || foreign.push(request.url()));
    page.on("pageerror", (error) => assert.fail(error));
    await page.goto(`${base}/flags/use_v3_style?user=u-1`);
    assert.equal(new URL(page.url()).pathname, "/login", "nobody is shown anything without a token");
    await page.fill("#token", "ffa_wrong");
    await page.click("button.primary");
    assert.match(await page.textContent("[role=alert]"), /none of this server/);
    await page.fill("#token", token);
    await page.click("button.primary");
    assert.equal(new URL(page.url()).pathname, "/flags/use_v3_style", "back to where one wanted to go");
    assert.equal(await page.evaluate(() => document.cookie), "", "no script can read the token");

    await page.goto(base);
    const rows = page.locator("#flags tbody tr");
    assert.equal(await rows.count(), 9);
    await page.keyboard.press("/");
    await page.keyboard.type("style-team");
    assert.equal(await page.locator("#flags tbody tr:visible").count(), 2, "found while typing");
    await page.click("nav.choices a:has-text('Partial')");
    assert.equal(await rows.count(), 4);

    await page.goto(`${base}/flags/use_v3_style`);
    await page.click("button.switch");
    const forecast = page.locator("#forecast .forecast");
    await forecast.waitFor();
    assert.match(await forecast.textContent(), /50,000\s*join/, "the forecast stands before the change");
    await page.fill(".apply input[name=reason]", "a try");
    await page.click(".apply button");
    assert.match(await page.textContent(".done"), /journal 1/);
    assert.equal(await page.textContent(".title .state"), "on");

    await page.goto(`${base}/flags/use_deepseek_critic`);
    await page.fill("#percent", "40");
    await forecast.waitFor();
    assert.match(await forecast.textContent(), /10%\s*→\s*40%/);
    assert.equal(await page.inputValue("#rollout"), "40", "the slider follows the number");
    await page.click(".apply button");
    assert.equal(await page.textContent(".title .state"), "40%");

    await page.click("nav >> text=Journal");
    await page.click("#entry-2 .undo");
    await page.click(".apply button");
    assert.match(await page.textContent(".done"), /journal 3/);
    await page.goto(`${base}/journal/2/undo`);
    assert.match(await page.textContent("[role=alert]"), /changed since/, "nothing is undone twice");
    await page.goto(`${base}/flags/use_deepseek_critic`);
    assert.equal(await page.textContent(".title .state"), "10%");

    await page.click("text=Log out");
    await page.goto(base);
    assert.equal(new URL(page.url()).pathname, "/login");
    assert.deepEqual(foreign, [], "nothing comes from elsewhere");
  },

  // What somebody else changes appears by itself, and nothing that was typed or opened is lost.
  async live(browser, base, token) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 400 } });
    const [list, flag, journal] = [await context.newPage(), await context.newPage(), await context.newPage()];
    for (const page of [list, flag, journal]) page.on("pageerror", (error) => assert.fail(error));
    await login(list, base, token);
    await list.goto(base);
    await flag.goto(`${base}/flags/use_deepseek_critic`);
    await journal.goto(`${base}/journal`);
    for (const page of [list, flag, journal]) await page.locator("#live").waitFor();
    const change = (rollout) =>
      api(base, token, "PATCH", "/feature-flags/use_deepseek_critic", { rollout, reason: "from elsewhere" });

    await list.fill("input[type=search]", "critic");
    await flag.fill(".entry input[name=key]", "half-typed");
    await flag.evaluate(() => {
      window.scrollTo(0, 150);
      document.querySelector("h1").mine = true;
    });
    const scrolled = await flag.evaluate(() => window.scrollY);
    await change("40%");
    await says(list, "[data-flag=use_deepseek_critic] .state", /^40%$/);
    await says(flag, ".title .state", /^40%$/);
    await says(flag, "#overrides", /rollout\s*40%/);
    await says(journal, "#entry-1", /40%.*from elsewhere/);
    assert.equal(await list.locator("#flags tbody tr:visible").count(), 1, "what was looked for is still looked for");
    assert.equal(await flag.inputValue("#percent"), "40", "what nobody touched follows");
    assert.deepEqual(
      await flag.evaluate(() => [document.activeElement.value, window.scrollY, document.querySelector("h1").mine]),
      ["half-typed", scrolled, true],
    );

    await flag.fill("#percent", "60");
    await says(flag, "#forecast .plan", /40%\s*→\s*60%/);
    await flag.fill(".apply input[name=reason]", "a reason");
    await change("50%");
    await flag.locator(".forecast.is-overtaken .overtaken").waitFor();
    assert.equal(await flag.isDisabled(".apply button"), true, "what was overtaken cannot be applied");
    assert.equal(await flag.inputValue("#percent"), "60");
    assert.equal(await flag.inputValue(".apply input[name=reason]"), "a reason");
    await flag.click("a.again");
    await says(flag, "#forecast .plan", /50%\s*→\s*60%/);
    await flag.click(".apply button");
    await says(list, "[data-flag=use_deepseek_critic] .state", /^60%$/);

    await journal.goto(`${base}/flags/use_deepseek_critic/preview?enabled=off`);
    await journal.locator("#live").waitFor();
    await change("70%");
    await journal.locator(".overtaken").waitFor();
    assert.equal(await journal.isDisabled(".apply button"), true);
    await journal.click("a.again");
    assert.equal(await journal.isDisabled(".apply button"), false);

    await ask("down");
    for (const page of [list, flag]) await says(page, "#away", /^Not live since \d/);
    assert.equal(await list.isVisible("#live"), false);
    await says(list, "[data-flag=use_deepseek_critic] .state", /^70%$/);
    await ask("up");
    for (const page of [list, flag]) await page.locator("#live").waitFor();
    assert.equal(await list.isVisible("#away"), false);
    await change("80%");
    await says(list, "[data-flag=use_deepseek_critic] .state", /^80%$/);

    const made = await api(base, token, "POST", "/tokens", { name: "guest", role: "viewer" });
    const guest = await (await browser.newContext()).newPage();
    await login(guest, base, made.secret);
    await guest.locator("#live").waitFor();
    await api(base, token, "DELETE", `/tokens/${made.number}`);
    await says(guest, "#away", /logged out/);
    await guest.click("#away a");
    assert.equal(new URL(guest.url()).pathname, "/login");
  },

  // Shares, entries, ends, and the way back; each with its forecast.
  async edit(browser, base, token) {
    const page = await (await browser.newContext()).newPage();
    page.on("pageerror", (error) => assert.fail(error));
    await login(page, base, token);
    const plan = (expected) => says(page, "#forecast .plan", expected);
    const apply = async (expected) => {
      await page.click(".apply button");
      await says(page, ".done", expected);
    };
    await page.goto(`${base}/flags/style_prompt`);
    await page.fill("input[name='share.v2']", "60");
    await says(page, "[data-sum]", /^70$/);
    await page.click(".split button");
    await says(page, "#forecast .alert", /sum to 70, not 100/);
    await page.fill("input[name='share.v3']", "40");
    await plan(/v2 90 \/ v3 10\s*→\s*v2 60 \/ v3 40/);
    await says(page, "#forecast .legend", /v2\s*(89|90)\.?\d*%\s*→\s*(59|60)\.?\d*%/);
    await page.fill(".apply input[name=reason]", "v3 is good");
    await apply(/journal 1/);
    assert.equal(await page.inputValue("input[name='share.v3']"), "40");

    await page.fill(".entry input[name=key]", "u-42");
    await page.selectOption(".entry select[name=variation]", "v3");
    await page.click(".entry button");
    await plan(/user u-42 not set\s*→\s*v3/);
    await page.selectOption(".apply select[name=ends]", "4h");
    await apply(/journal 2/);
    const entry = "#overrides tr[data-key='user u-42']";
    await says(page, entry, /v3.*in (4h|3h)/);
    await page.click(`${entry} >> text=Change the end`);
    await plan(/v3\s*as now/);
    await page.fill(".apply input[name=until]", "2099-12-31T12:00");
    await apply(/journal 3/);
    await says(page, entry, /2099-12-31/);
    await page.click(`${entry} >> text=Take back`);
    await plan(/user u-42 v3\s*→\s*not set/);
    assert.equal(await page.locator(".apply select").count(), 0, "what is taken back has no end");
    await apply(/journal 4/);
    assert.equal(await page.locator(entry).count(), 0);

    await page.goto(`${base}/flags/enable_approval_queues`);
    await page.selectOption(".entry select[name=list]", "orgs");
    await page.fill(".entry input[name=key]", "initech");
    await page.click(".entry button");
    await plan(/org initech not set\s*→\s*on/);
    await apply(/journal 5/);
    await page.click("button.switch");
    await plan(/on\s*→\s*off/);
    await page.fill(".apply input[name=until]", "2020-01-01T12:00");
    await page.click(".apply button");
    assert.match(await page.textContent("[role=alert]"), /is over/);
    await page.goBack();
    await page.click("button.switch");
    await plan(/on\s*→\s*off/);
    await apply(/journal 6/);
    await page.click("text=All back to the layers below");
    await plan(/enabled off\s*→\s*on from default/);
    await apply(/journal 7/);
    await says(page, "#overrides", /Nothing is overridden/);
  },

  // Without scripts everything can be read, and changed.
  async plain(browser, base, token) {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await login(page, base, token);
    await page.fill("input[type=search]", "critic");
    await page.click(".search button");
    assert.equal(await page.locator("#flags tbody tr").count(), 1);
    await page.click("#flags a.name");
    await page.fill(".explain input[name=user]", "u-42");
    await page.click(".explain button");
    assert.match(await page.textContent(".verdict"), /u-42 gets (on|off)/);
    await page.click("button.switch");
    assert.match(await page.textContent("h1"), /Forecast/);
    await page.click(".apply button");
    assert.equal(await page.textContent(".title .state"), "off");
    await page.goto(`${base}/flags/style_prompt`);
    await page.fill("input[name='share.v2']", "1");
    await page.fill("input[name='share.v3']", "2");
    await page.check("input[name=ratio]");
    await page.click(".split button");
    assert.match(await page.textContent(".plan"), /v2 1 \/ v3 2/);
    await page.selectOption(".apply select[name=ends]", "1d");
    await page.click(".apply button");
    assert.match(await page.textContent("#overrides"), /v2 1 \/ v3 2/);
    assert.equal(await page.isVisible("#live"), false, "what needs a script does not show");
  },

  // Whatever stands in a field, it is text.
  async hostile(browser, base, token, attack) {
    const page = await (await browser.newContext()).newPage();
    page.on("dialog", (dialog) => assert.fail(`a script ran: ${dialog.message()}`));
    page.on("pageerror", (error) => assert.fail(error));
    await login(page, base, token);
    const text = encodeURIComponent(attack);
    const places = [
      "/", `/?q=${text}&show=${text}`, "/flags/hostile", `/flags/hostile?user=${text}&org=${text}&attributes=x=${text}`,
      `/flags/hostile?attributes=${text}`, `/flags/${text}`, `/flags/hostile/preview?enabled=${text}`,
      `/flags/hostile/preview?rollout=${text}`, `/flags/hostile/preview?list=users&key=${text}&variation=off`,
      `/flags/hostile/preview?list=${text}&key=x`, `/flags/hostile/preview?clear=${text}`,
      `/flags/hostile/preview?share.${text}=${text}`, `/flags/hostile/preview?again=user ${text}`, "/flags/hostile/preview?enabled=on", "/experiments", "/journal",
      `/journal?flag=${text}`, "/journal/1/undo", `/login?next=${text}`,
    ];
    for (const place of places) {
      await page.goto(base + place);
      await page.waitForTimeout(50);
      const found = await page.evaluate(() => ({
        ran: window.attacked === true,
        made: document.querySelectorAll("img, iframe, [onerror], [onload], script:not([src])").length,
      }));
      assert.deepEqual(found, { ran: false, made: 0 }, place);
    }
    await page.goto(`${base}/flags/hostile`);
    assert.ok((await page.textContent("main")).includes(attack), "it is shown as it is");
  },

  // A report is one file: nothing is run or loaded, and whoever gets it can read it, on any screen and on paper.
  async report(browser, file, ...shown) {
    const address = require("node:url").pathToFileURL(file).href;
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1280, 360]) {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
        const page = await context.newPage();
        const [asked, said] = [[], []];
        page.on("request", (request) => asked.push(request.url()));
        page.on("console", (message) => said.push(message.text()));
        page.on("dialog", (dialog) => assert.fail(`a script ran: ${dialog.message()}`));
        page.on("pageerror", (error) => assert.fail(error));
        await page.goto(address);
        const found = await page.evaluate(() => ({
          ran: window.attacked === true,
          made: document.querySelectorAll(
            "script, img, iframe, object, embed, link, base, form, a, [style], [onerror], [onload], [src], [href]",
          ).length,
          wide: document.documentElement.scrollWidth,
          // Where nobody was counted there are no key figures, and perhaps no picture.
          counted: document.querySelector(".tiles") !== null,
          styled: getComputedStyle(document.querySelector(".tiles") ?? document.body).display,
          charts: [...document.querySelectorAll("svg[role=img]")].map((chart) => [
            chart.getBoundingClientRect().width > 200,
            ...chart.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent !== ""),
          ]),
          tables: [...document.querySelectorAll("table")].every(
            (table) => table.caption && [...table.querySelectorAll("th")].every((cell) => cell.scope),
          ),
        }));
        const charts = found.charts.length;
        assert.ok((charts >= 1 || !found.counted) && found.charts.flat().every(Boolean), JSON.stringify(found.charts));
        assert.deepEqual(
          { ...found, charts },
          { ran: false, made: 0, wide: width, counted: found.counted, styled: found.counted ? "grid" : "block", charts, tables: true },
        );
        assert.deepEqual(asked, [address], "nothing is loaded from elsewhere");
        assert.deepEqual(said, [], "the page asks for nothing that its policy forbids");
        const text = await page.textContent("body");
        for (const one of shown) assert.ok(text.includes(one), `it is shown as it is: ${one}`);
        await page.evaluate(require("axe-core").source);
        const { violations } = await page.evaluate(() => axe.run());
        assert.deepEqual(
          violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join("; ")}`),
          [],
          `anybody can read it, ${colorScheme}, ${width} pixels wide`,
        );
        const paper = await page.pdf({ preferCSSPageSize: true });
        assert.equal(paper.subarray(0, 5).toString(), "%PDF-");
        await context.close();
      }
    }
  },
};

(async () => {
  const [chrome, job, ...rest] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath: chrome, args: QUIET });
  try {
    await JOBS[job](browser, ...rest);
  } finally {
    await browser.close();
  }
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
