# Times fGarch once on each task of bench/garch.ts: a file of returns in, JSON of milliseconds and log-likelihood by name out.
# GJR with Student's t is left out: its optimiser took half a minute on these returns.
suppressWarnings(suppressMessages(library(fGarch)))
returns <- scan(commandArgs(trailingOnly = TRUE)[1], quiet = TRUE)
gjr <- list(formula = ~aparch(1, 1), delta = 2, include.delta = FALSE, leverage = TRUE)
models <- list("garch" = list(formula = ~garch(1, 1)), "gjr" = gjr,
               "garch, Student t" = list(formula = ~garch(1, 1), cond.dist = "std"))
results <- vapply(models, function(model) {
  call <- c(model, list(data = returns, trace = FALSE))
  started <- proc.time()
  fit <- suppressWarnings(do.call(garchFit, call))
  spent <- 1000 * (proc.time() - started)
  sprintf('{"wall": %s, "cpu": %s, "logLikelihood": %s}', spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]],
          format(-fit@fit$llh, digits = 12))
}, "")
cat("{", paste(sprintf('"%s": %s', names(results), results), collapse = ", "), "}\n")
