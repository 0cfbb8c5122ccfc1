# Times fGarch once on each task of bench/garch.ts: a file of returns in, JSON of milliseconds by name out.
# GJR with Student's t is left out: its optimiser took half a minute on these returns.
suppressWarnings(suppressMessages(library(fGarch)))
returns <- scan(commandArgs(trailingOnly = TRUE)[1], quiet = TRUE)
gjr <- list(formula = ~aparch(1, 1), delta = 2, include.delta = FALSE, leverage = TRUE)
models <- list("garch" = list(formula = ~garch(1, 1)), "gjr" = gjr,
               "garch, Student t" = list(formula = ~garch(1, 1), cond.dist = "std"))
times <- vapply(models, function(model) {
  call <- c(model, list(data = returns, trace = FALSE))
  1000 * system.time(suppressWarnings(do.call(garchFit, call)), gcFirst = FALSE)[["elapsed"]]
}, 0)
cat("{", paste(sprintf('"%s": %s', names(times), times), collapse = ", "), "}\n")
