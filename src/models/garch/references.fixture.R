# Fits GARCH and GJR models by fGarch: a CSV of returns a case in, JSON of estimates by name out.
#
# Rscript references.fixture.R garch-normal=returns.csv ...  (Debian: r-cran-fgarch). GJR is fGarch's asymmetric
# power model with power 2: (|e| - g e)^2 a, whose news is a (1 - g)^2 on rises and a (1 + g)^2 on declines.
suppressWarnings(suppressMessages(library(fGarch)))

fit <- function(name, file) {
  returns <- scan(file, quiet = TRUE)
  distribution <- if (grepl("student", name)) "std" else "norm"
  quiet <- list(cond.dist = distribution, trace = FALSE, data = returns)
  gjr <- list(formula = ~aparch(1, 1), delta = 2, include.delta = FALSE, leverage = TRUE)
  model <- if (grepl("gjr", name)) gjr else list(formula = ~garch(1, 1))
  found <- suppressWarnings(do.call(garchFit, c(model, quiet)))
  p <- as.list(coef(found))
  if (grepl("gjr", name)) {
    p$gamma <- 4 * p$alpha1 * p$gamma1
    p$alpha <- p$alpha1 * (1 - p$gamma1)^2
  } else {
    p$alpha <- p$alpha1
  }
  values <- list(mu = p$mu, omega = p$omega, alpha = p$alpha, gamma = p$gamma, beta = p$beta1, nu = p$shape,
                 logLikelihood = -found@fit$llh)
  values <- values[!vapply(values, is.null, TRUE)]
  pairs <- sprintf('"%s": %s', names(values), vapply(values, function(x) format(x, digits = 10), ""))
  sprintf('"%s": {%s}', name, paste(pairs, collapse = ", "))
}

cases <- strsplit(commandArgs(trailingOnly = TRUE), "=")
cat("{", paste(vapply(cases, function(case) fit(case[1], case[2]), ""), collapse = ",\n"), "}\n")
