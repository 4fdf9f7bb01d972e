// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

interface IToken {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// Swaps two tokens so that the product of its reserves never falls; 0.3 percent stay in the pool. Both
/// reserves and the time of the last swap are in one slot.
contract Pool {
    IToken public token0; // slot 0
    IToken public token1; // slot 1
    uint112 public reserve0; // slot 2, bits 0 to 111
    uint112 public reserve1; // bits 112 to 223
    uint32 public swapped; // bits 224 to 255

    event Swap(address indexed sender, bool forward, uint256 amountIn, uint256 amountOut);

    constructor(IToken a, IToken b) {
        token0 = a;
        token1 = b;
    }

    /// Fills an empty pool from the caller.
    function fill(uint112 a, uint112 b) external {
        require(reserve0 == 0 && reserve1 == 0, "has reserves");
        require(token0.transferFrom(msg.sender, address(this), a), "token 0");
        require(token1.transferFrom(msg.sender, address(this), b), "token 1");
        (reserve0, reserve1) = (a, b);
    }

    function swap(bool forward, uint256 amountIn, uint256 amountOutMin) external returns (uint256 amountOut) {
        (uint256 a, uint256 b) = (reserve0, reserve1);
        (uint256 from, uint256 to) = forward ? (a, b) : (b, a);
        amountOut = (amountIn * 997 * to) / (from * 1000 + amountIn * 997);
        require(amountOut >= amountOutMin && amountOut > 0, "too little");
        (from, to) = (from + amountIn, to - amountOut);
        require(from <= type(uint112).max, "too much");
        (a, b) = forward ? (from, to) : (to, from);
        (reserve0, reserve1, swapped) = (uint112(a), uint112(b), uint32(block.timestamp));
        (IToken source, IToken target) = forward ? (token0, token1) : (token1, token0);
        require(source.transferFrom(msg.sender, address(this), amountIn), "in");
        require(target.transfer(msg.sender, amountOut), "out");
        emit Swap(msg.sender, forward, amountIn, amountOut);
    }
}
